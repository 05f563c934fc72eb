r"""Why a repeated sentence is repeated again: an induction head on top of fixed logits, and what stops the loop.

Sources: Xu et al., *Learning to Break the Loop* (arXiv:2206.02369), section 2, for the effect; the head is the
textbook induction pattern (attend to what followed the current token before). A toy, not a measured model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]


# --8<-- [start:induction]
def next_logits(base: Array, context: Sequence[int], match: float = 4.0, copy: float = 8.0) -> Array:
    """Logits (V,) after `context`: the model's own `base` (V,) plus what an induction head copies.

    The head scores `match` at every position whose predecessor equals the last token, 0 elsewhere, and adds
    `copy` times the attention mass to the token standing there.
    """
    x = np.asarray(context)  # (n,)
    scores = np.where(x[:-1] == x[-1], match, 0.0)  # (n − 1,): does the token before position j match?
    weights = softmax(scores)  # (n − 1,)
    return base + copy * np.bincount(x[1:], weights=weights, minlength=len(base))  # (V,)


def repeat_probability(base: Array, prefix: Sequence[int], sentence: Sequence[int], times: int) -> float:
    """Mean probability of the right next token while the sentence is said again after `times` repetitions."""
    context = [*prefix, *(list(sentence) * times)]
    chances = []
    for token in sentence:
        chances.append(softmax(next_logits(base, context))[token])
        context.append(token)
    return float(np.mean(chances))


# --8<-- [end:induction]


# --8<-- [start:penalties]
def repetition_penalty(logits: Array, context: Sequence[int], theta: float) -> Array:
    """CTRL's penalty in the form libraries use: seen tokens, once each; divide if positive, multiply if negative."""
    seen = np.unique(np.asarray(context))
    out = logits.copy()  # (V,)
    out[seen] = np.where(out[seen] > 0, out[seen] / theta, out[seen] * theta)
    return out


def additive_penalty(logits: Array, context: Sequence[int], presence: float, frequency: float) -> Array:
    """Presence takes the same from every seen token, frequency takes more from those seen more often."""
    count = np.bincount(np.asarray(context), minlength=len(logits))  # (V,)
    out: Array = logits - presence * (count > 0) - frequency * count  # (V,)
    return out


def block_ngrams(logits: Array, context: Sequence[int], n: int) -> Array:
    """Forbid every token that would complete an n-gram already in the context."""
    out = logits.copy()  # (V,)
    tail = tuple(context[len(context) - n + 1 :])
    for i in range(len(context) - n + 1):
        if tuple(context[i : i + n - 1]) == tail:
            out[context[i + n - 1]] = -np.inf
    return out


# --8<-- [end:penalties]


# --8<-- [start:unlikelihood]
def unlikelihood(logits: Array, target: int, context: Sequence[int]) -> tuple[float, Array]:
    """Loss −Σ log(1 − p_c) over context tokens other than the target, and its gradient in the logits (V,)."""
    p = softmax(logits)  # (V,)
    negatives = sorted(set(context) - {target})
    loss, grad = 0.0, np.zeros_like(p)
    for c in negatives:
        loss -= float(np.log1p(-p[c]))
        onehot = np.eye(len(p))[c]  # (V,)
        grad += p[c] / (1 - p[c]) * (onehot - p)  # d p_c / d z = p_c (e_c − p)
    return loss, grad


# --8<-- [end:unlikelihood]


# --8<-- [start:cycle]
def greedy_cycle(table: Array, start: int) -> tuple[int, int]:
    """Greedy decoding of a bigram table (V, V): (tokens before the loop, length of the loop)."""
    seen: dict[int, int] = {}
    token = start
    while token not in seen:
        seen[token] = len(seen)
        token = int(table[token].argmax())
    return seen[token], len(seen) - seen[token]


def expected_steps(vocab: int) -> float:
    """Mean number of different tokens before the first return, if every row's best token is a uniform draw."""
    total, alive = 0.0, 1.0
    for k in range(vocab):
        alive *= 1 - k / vocab  # the first k + 1 tokens are all different
        total += alive
    return total


# --8<-- [end:cycle]


def repeated_share(tokens: Sequence[int], n: int) -> float:
    """rep-n of the papers: 1 minus unique n-grams over all n-grams."""
    grams = Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))
    return 1 - len(grams) / sum(grams.values())
