r"""Was it written by a model? Let a model rewrite it: what came from the model changes less.

Programs are made from slots, each with several equivalent wordings. The "model" prefers some wordings (a peaked
distribution p), "people" spread over them; rewriting draws a share of the slots again from p. Idea: Ye et al.,
*Uncovering LLM-Generated Code* (arXiv:2405.16133); their similarity is a trained encoder, ours counts tokens.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Choice = npt.NDArray[np.int64]
"""Wording of each slot."""

SLOTS = (
    ("total = 0", "total = sum(())", "total: int = 0", "total = int()"),
    ("for item in items:", "for x in items:", "for i, item in enumerate(items):", "for item in list(items):"),
    ("if item is None: continue", "if item == None: continue", "if not item: continue", "if None is item: continue"),
    ("total += item", "total = total + item", "total = item + total", "total -= -item"),
    ("count = len(items)", "count = sum(1 for _ in items)", "count = items.__len__()", "count = len(list(items))"),
    (
        "mean = total / count",
        "mean = total / len(items)",
        "mean = total * (1 / count)",
        "mean = count and total / count",
    ),
    ("if mean > limit: return True", "if limit < mean: return True", "return mean > limit", "return not mean <= limit"),
    ("raise ValueError('empty')", "raise ValueError", "return None", "assert items, 'empty'"),
)


# --8<-- [start:write]
def model_wordings(peak: float) -> Array:
    """p (4,): the favourite wording with chance `peak`, the others alike."""
    return np.array([peak, *[(1 - peak) / 3] * 3])


PEOPLE = np.full(4, 0.25)


def write(slots: int, p: Array, rng: np.random.Generator) -> Choice:
    """A program: one wording for each of `slots` slots (the table above, over and over)."""
    return rng.choice(4, slots, p=p)


def rewrite(program: Choice, p: Array, share: float, rng: np.random.Generator) -> Choice:
    """Each slot is drawn again from p with chance `share`, else left alone."""
    again = rng.random(len(program)) < share  # (slots,)
    return np.where(again, rng.choice(4, len(program), p=p), program)


def tokens(program: Choice) -> list[str]:
    """The program as text, cut at blanks."""
    return " ".join(SLOTS[i % len(SLOTS)][c] for i, c in enumerate(program)).split()


# --8<-- [end:write]


# --8<-- [start:similar]
def edit_similarity(a: Sequence[str], b: Sequence[str]) -> float:
    """1 − (fewest insertions, deletions and replacements) / longer length."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return 1 - row[-1] / max(len(a), len(b), 1)


def bigram_similarity(a: Sequence[str], b: Sequence[str]) -> float:
    """Jaccard index of the bags of adjacent pairs (a pair that stands twice counts twice)."""
    x, y = Counter(pairwise(a)), Counter(pairwise(b))
    return (x & y).total() / (x | y).total()


def expected_kept(p: Array, written: Array, share: float) -> float:
    """Chance that a slot keeps its wording: 1 − share + share · Σ p·q, with Σ p² when the model wrote it itself."""
    return float(1 - share + share * (p * written).sum())


# --8<-- [end:similar]


# --8<-- [start:auc]
def auc(positive: Array, negative: Array) -> float:
    """Chance that a positive scores above a negative, ties half: the area under the ROC curve."""
    above = positive[:, None] - negative[None]  # (n, m)
    return float((above > 0).mean() + 0.5 * (above == 0).mean())


def precision(recall: float, false_alarms: float, share: float) -> float:
    """Of those accused, the share that is guilty, when `share` of all are."""
    return share * recall / (share * recall + (1 - share) * false_alarms)


# --8<-- [end:auc]


# --8<-- [start:detect]
def scores(
    slots: int, peak: float, edited: float, rounds: int, rng: np.random.Generator, share: float = 0.6, count: int = 200
) -> tuple[Array, Array]:
    """Mean bigram similarity over `rounds` rewritings, (count,) for model code and (count,) for people's.

    `edited` is the share of the model's slots that a person has since written again.
    """
    p, out = model_wordings(peak), []
    for q, touched in ((p, edited), (PEOPLE, 0.0)):
        programs = [rewrite(write(slots, q, rng), PEOPLE, touched, rng) for _ in range(count)]
        again = [[tokens(rewrite(program, p, share, rng)) for _ in range(rounds)] for program in programs]
        out.append(
            np.array(
                [np.mean([bigram_similarity(tokens(x), y) for y in ys]) for x, ys in zip(programs, again, strict=True)]
            )
        )
    return out[0], out[1]


# --8<-- [end:detect]
