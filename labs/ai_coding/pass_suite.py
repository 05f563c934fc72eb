r"""pass@k over a suite of problems: brute force, what averaging first does, all-k, and a bootstrap over problems.

Source: Chen et al., *Evaluating Large Language Models Trained on Code* (arXiv:2107.03374), section 2.1. The estimator
for one problem is that of `labs.evaluation.pass_at_k`; here are the questions that arise above it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import comb

import numpy as np
import numpy.typing as npt

from labs.evaluation.pass_at_k import pass_at_k

Array = npt.NDArray[np.float64]


# --8<-- [start:brute]
def by_counting(passed: Sequence[bool], k: int) -> tuple[float, float]:
    """(some pass, all pass) as shares of all k-subsets of the samples, by writing every subset down."""
    subsets = list(combinations(passed, k))
    return sum(map(any, subsets)) / len(subsets), sum(map(all, subsets)) / len(subsets)


def all_pass(n: int, c: int, k: int) -> float:
    r"""$\binom{c}{k}/\binom{n}{k}$: the same subsets, but all k of their samples must be right (reliability)."""
    return comb(c, k) / comb(n, k)


# --8<-- [end:brute]


# --8<-- [start:suite]
def suite(n: int, right: Sequence[int], k: int) -> float:
    """Mean over problems of the unbiased estimate: estimate each problem first, average afterwards."""
    return float(np.mean([pass_at_k(n, c, k) for c in right]))


def average_first(rates: Array, k: int) -> float:
    """1 − (1 − mean rate)^k: what pass@1 of the suite would promise if all problems were equally hard."""
    return float(1 - (1 - rates.mean()) ** k)


def truth(rates: Array, k: int) -> float:
    """Mean of 1 − (1 − p)^k; never above `average_first`, because 1 − (1 − p)^k is concave in p."""
    return float(np.mean(1 - (1 - rates) ** k))


# --8<-- [end:suite]


# --8<-- [start:pick]
def first_accepted(rate: float, k: int, catch: float) -> tuple[float, float]:
    """(pass@k, chance that the answer handed over is right) when the tests pass a wrong sample with chance 1 − catch.

    Right samples always pass; the first sample that passes is handed over, none if no sample passes.
    """
    passes = rate + (1 - rate) * (1 - catch)  # a sample, right or wrong, passes the tests
    some = 1 - (1 - passes) ** k
    return 1 - (1 - rate) ** k, some * rate / passes


# --8<-- [end:pick]


# --8<-- [start:bootstrap]
def spread(n: int, right: Sequence[int], k: int, rounds: int, rng: np.random.Generator) -> tuple[float, float]:
    """95% interval of the suite's pass@k when its problems are drawn again with replacement."""
    each = np.array([pass_at_k(n, c, k) for c in right])  # (problems,)
    drawn = each[rng.integers(0, len(each), (rounds, len(each)))].mean(1)  # (rounds, problems) → (rounds,)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(high)


# --8<-- [end:bootstrap]
