r"""A reward model in small: r(x, y) = w·φ(x, y). With pairs and a Bradley-Terry loss it is logistic regression on
feature differences, without an intercept.

Sources: Christiano et al. (arXiv:1706.03741), section 2.2.3; Stiennon et al. (arXiv:2009.01325), section 3.4.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.alignment.bradley_terry import log_sigmoid

Array = npt.NDArray[np.float64]


# --8<-- [start:data]
def draw_pairs(n: int, w: Array, rng: np.random.Generator, flip: float = 0.0) -> Array:
    """Feature differences winner minus loser (n, d): features are normal, an annotator with reward w·φ chooses by
    Bradley-Terry, and a share `flip` of the labels is turned round afterwards.
    """
    diff = rng.normal(size=(n, len(w))) - rng.normal(size=(n, len(w)))  # (n, d)
    first_wins = rng.random(n) < np.exp(log_sigmoid(diff @ w))  # (n,)
    first_wins ^= rng.random(n) < flip
    return np.where(first_wins[:, None], diff, -diff)  # (n, d)


# --8<-- [end:data]


# --8<-- [start:fit]
def loss(w: Array, diff: Array, l2: float = 0.0) -> float:
    r"""Mean of $-\log\sigma(w\cdot(\phi_w-\phi_l))$ over the pairs (n, d), plus $\frac\lambda2\|w\|^2$."""
    return float(-log_sigmoid(diff @ w).mean() + 0.5 * l2 * (w @ w))


def fit(diff: Array, l2: float = 1e-3, weight: Array | None = None, steps: int = 20) -> Array:
    """Weights (d,) of the reward model by Newton's method on the pairs (n, d), each counted `weight` (n,) times."""
    share = np.full(len(diff), 1 / len(diff)) if weight is None else weight / weight.sum()  # (n,)
    w = np.zeros(diff.shape[1])
    for _ in range(steps):
        q = np.exp(log_sigmoid(-(diff @ w)))  # (n,): the chance given to the answer that lost
        grad = -((share * q) @ diff) + l2 * w  # (d,)
        hess = (diff * (share * q * (1 - q))[:, None]).T @ diff + l2 * np.eye(len(w))  # (d, d)
        w = w - np.linalg.solve(hess, grad)
    return w


# --8<-- [end:fit]


def accuracy(w: Array, diff: Array) -> float:
    """Share of pairs that the model orders as the label does."""
    return float((diff @ w > 0).mean())


def calibration(w: Array, diff: Array, edges: Array) -> tuple[Array, Array]:
    """Stated and actual chance that the higher-scored answer wins, in the bins between `edges`: (bins,) each."""
    stated = np.exp(log_sigmoid(np.abs(diff @ w)))  # (n,), at least 0.5
    right = (diff @ w > 0).astype(float)  # (n,)
    which = np.digitize(stated, edges) - 1
    bins = range(len(edges) - 1)
    return np.array([stated[which == b].mean() for b in bins]), np.array([right[which == b].mean() for b in bins])


# --8<-- [start:denoise]
def ensemble(diff: Array, members: int, rng: np.random.Generator) -> Array:
    """Weights (members, d) of reward models fitted to bootstrap samples of the pairs (n, d)."""
    n = len(diff)
    return np.array([fit(diff[rng.integers(0, n, n)]) for _ in range(members)])


def suspicion(weights: Array, diff: Array) -> Array:
    """How sure the ensemble is that a label is wrong: minus the mean gap in units of its spread. (n,)"""
    gaps = diff @ weights.T  # (n, members)
    score: Array = -gaps.mean(axis=1) / (gaps.std(axis=1) + 1e-12)
    return score


# --8<-- [end:denoise]
