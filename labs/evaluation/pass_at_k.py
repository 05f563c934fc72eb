r"""pass@k: the chance that at least one of k samples passes, estimated without bias from n ≥ k samples.

Source: Chen et al., *Evaluating Large Language Models Trained on Code* (arXiv:2107.03374), section 2.1, figure 3.
"""

from __future__ import annotations

from collections.abc import Callable
from math import comb, prod

Estimator = Callable[[int, int, int], float]


# --8<-- [start:estimators]
def pass_at_k(n: int, c: int, k: int) -> float:
    r"""$1-\binom{n-c}{k}/\binom{n}{k}$: the share of the k-subsets of n samples that hold one of the c right ones."""
    if n - c < k:
        return 1.0  # too few wrong samples to fill a subset
    return 1.0 - prod(1.0 - k / i for i in range(n - c + 1, n + 1))  # no huge factorials


def plug_in(n: int, c: int, k: int) -> float:
    r"""$1-(1-c/n)^k$: pretends that the measured rate is the true one, and is too low on average."""
    return 1.0 - (1.0 - c / n) ** k


def expectation(estimator: Estimator, p: float, n: int, k: int) -> float:
    """Exact mean of an estimator when each of the n samples passes with probability p."""
    return sum(comb(n, c) * p**c * (1 - p) ** (n - c) * estimator(n, c, k) for c in range(n + 1))


# --8<-- [end:estimators]


def variance(estimator: Estimator, p: float, n: int, k: int) -> float:
    """Exact variance, by the same sum over the number of right samples."""
    mean = expectation(estimator, p, n, k)
    return expectation(lambda n_, c, k_: (estimator(n_, c, k_) - mean) ** 2, p, n, k)
