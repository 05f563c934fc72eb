r"""The four operations of EDA on a list of words, and how they can flip a label.

Source: Wei and Zou, *EDA* (arXiv:1901.11196), section 2.
"""

from __future__ import annotations

import numpy as np

Synonyms = dict[str, list[str]]


# --8<-- [start:eda]
def replace(words: list[str], n: int, synonyms: Synonyms, rng: np.random.Generator) -> list[str]:
    """Up to n words that have synonyms, each exchanged for one of them."""
    out = words.copy()
    for i in rng.permutation([i for i, w in enumerate(words) if w in synonyms])[:n]:
        out[i] = str(rng.choice(synonyms[words[i]]))
    return out


def insert(words: list[str], n: int, synonyms: Synonyms, rng: np.random.Generator) -> list[str]:
    """n synonyms of words of the sentence, each put at a random place."""
    out = words.copy()
    known = [w for w in words if w in synonyms]
    for _ in range(n if known else 0):
        out.insert(int(rng.integers(len(out) + 1)), str(rng.choice(synonyms[str(rng.choice(known))])))
    return out


def swap(words: list[str], n: int, rng: np.random.Generator) -> list[str]:
    """n exchanges of two random positions."""
    out = words.copy()
    for _ in range(n):
        i, j = rng.choice(len(out), 2, replace=False)
        out[i], out[j] = out[j], out[i]
    return out


def delete(words: list[str], p: float, rng: np.random.Generator) -> list[str]:
    """Each word dropped with probability p; one is kept if all would go."""
    out = [w for w in words if rng.random() >= p]
    return out or [str(rng.choice(words))]


# --8<-- [end:eda]


def any_drops(p: float, copies: int) -> float:
    """Chance that at least one of `copies` random deletions drops one given word, such as a negation."""
    return float(1 - (1 - p) ** copies)
