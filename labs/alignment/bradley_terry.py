r"""Bradley-Terry: the chance that i beats j is the sigmoid of a difference of scores, so only differences exist.

Source: Bradley and Terry, *The Method of Paired Comparisons* (Biometrika 39, 1952). `wins[i, j]` counts how often
item i was preferred to item j.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def log_sigmoid(x: Array) -> Array:
    r"""$\log\sigma(x)$ without overflow, for any shape."""
    return -np.logaddexp(0.0, -x)


# --8<-- [start:model]
def win_probability(r: Array) -> Array:
    r"""$P(i\succ j)=\sigma(r_i-r_j)=e^{r_i}/(e^{r_i}+e^{r_j})$ for scores `r` (n,): (n, n)."""
    return np.exp(log_sigmoid(r[:, None] - r[None, :]))


def nll(r: Array, wins: Array, l2: float = 0.0) -> float:
    r"""$-\sum_{ij}w_{ij}\log\sigma(r_i-r_j)+\frac\lambda2\|r\|^2$ of scores (n,) and counts (n, n)."""
    return float(-(wins * log_sigmoid(r[:, None] - r[None, :])).sum() + 0.5 * l2 * (r @ r))


def gradient(r: Array, wins: Array, l2: float = 0.0) -> Array:
    """Expected minus actual number of wins of each item: (n,). It sums to zero when l2 = 0."""
    played = wins + wins.T  # (n, n)
    expected = (played * win_probability(r)).sum(axis=1)  # (n,)
    grad: Array = expected - wins.sum(axis=1) + l2 * r
    return grad


# --8<-- [end:model]


# --8<-- [start:fit]
def hessian(r: Array, wins: Array, l2: float = 0.0) -> Array:
    """(n, n): a graph Laplacian with weights n_ij·p·(1-p), so adding a constant to all scores costs nothing."""
    p = win_probability(r)  # (n, n)
    weight = (wins + wins.T) * p * (1 - p)  # (n, n)
    hess: Array = np.diag(weight.sum(axis=1)) - weight + l2 * np.eye(len(r))
    return hess


def fit(wins: Array, l2: float = 0.0, steps: int = 50) -> Array:
    """Maximum likelihood by Newton's method: scores (n,). Without l2 the mean is fixed at 0 by the choice of step."""
    r = np.zeros(len(wins))
    for _ in range(steps):
        # pinv is zero along the null vector (1, …, 1): no step changes the mean.
        r = r - np.linalg.pinv(hessian(r, wins, l2), hermitian=True) @ gradient(r, wins, l2)
    return r


# --8<-- [end:fit]
