r"""Majority voting: the exact probability that the most frequent of N samples is right, and when voting hurts.

Sources: Condorcet's jury theorem for two answers; Wang et al., *Self-Consistency* (arXiv:2203.11171) for many.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import comb, factorial

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:binary]
def binary(p: float, n: int) -> float:
    """Two answers, `n` independent samples, each right with probability p; an even split is a coin toss."""
    win = sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n // 2 + 1, n + 1))
    tie = comb(n, n // 2) * (p * (1 - p)) ** (n // 2) / 2 if n % 2 == 0 else 0.0
    return win + tie


# --8<-- [end:binary]


# --8<-- [start:many]
def plurality(p: float, wrong: Sequence[float], n: int) -> float:
    """Right with probability p, wrong answer j with probability `wrong[j]`; ties are drawn by lot.

    For each count k of the right answer: ways[t, u] sums the terms q^c / c! of wrong answers that use u samples,
    none of them more than k, and t of them exactly k.
    """
    total = 0.0
    for k in range(1, n + 1):
        ways = np.zeros((len(wrong) + 1, n - k + 1))  # (ties, samples used)
        ways[0, 0] = 1.0
        for q in wrong:
            terms = np.array([q**c / factorial(c) for c in range(min(k, n - k) + 1)])  # (counts,)
            below, level = terms[:k], terms[k:]  # fewer than k votes; exactly k votes
            new = np.zeros_like(ways)
            for t in range(len(wrong) + 1):
                new[t] += np.convolve(ways[t], below)[: n - k + 1]
                if t and level.size:
                    new[t, k:] += ways[t - 1, : n - 2 * k + 1] * level[0]
            ways = new
        share = ways[:, n - k] / np.arange(1, len(wrong) + 2)  # t rivals level: one chance in t + 1
        total += float(share.sum()) * p**k / factorial(k) * factorial(n)
    return total


# --8<-- [end:many]


def limit(p: float, wrong: Sequence[float]) -> float:
    """What voting tends to as n grows: all or nothing, by whether the right answer is the most likely one."""
    best = max(wrong)
    return 1.0 if p > best else 0.0 if p < best else 1 / (1 + sum(q == best for q in wrong))


# --8<-- [start:revise]
def after_revision(right: float, fixed: float, spoiled: float) -> float:
    """Accuracy after one round of self-correction: wrong answers are `fixed`, right ones `spoiled`, at these rates."""
    return right * (1 - spoiled) + (1 - right) * fixed


# --8<-- [end:revise]
