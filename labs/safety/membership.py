r"""Was this example in the training set? The loss threshold, its ROC curve, and the part of it that matters.

The attacked model is a logistic regression of d = 100 weights; with few examples it learns them one by one.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def make_data(rng: np.random.Generator, n: int, d: int) -> tuple[Array, Array]:
    """`x` (n, d) and noisy labels `y` (n,) in ±1: the first coordinate decides, one label in five is flipped."""
    x = rng.standard_normal((n, d))
    y = np.sign(x[:, 0]) * np.where(rng.random(n) < 0.2, -1.0, 1.0)
    return x, y


def losses(w: Array, x: Array, y: Array) -> Array:
    """Logistic loss of each example: (n,)."""
    loss: Array = np.logaddexp(0.0, -y * (x @ w))
    return loss


def fit(x: Array, y: Array, steps: int = 100, rate: float = 0.5) -> Array:
    """Logistic regression by gradient descent: (d,)."""
    w = np.zeros(x.shape[1])
    for _ in range(steps):
        slope = -y / (1 + np.exp(y * (x @ w)))  # (n,)
        w = w - rate * (x.T @ slope) / len(y)
    return w


# --8<-- [start:roc]
def auc(members: Array, others: Array) -> float:
    """Chance that a random member scores above a random non-member; ties count one half."""
    order = np.sort(others)
    below = np.searchsorted(order, members, "left")  # (members,)
    equal = np.searchsorted(order, members, "right") - below
    return float(np.mean(below + 0.5 * equal) / len(others))


def tpr_at_fpr(members: Array, others: Array, fpr: float) -> float:
    """Share of members caught by the threshold that accuses at most `fpr` of the innocent."""
    allowed = int(fpr * len(others))
    threshold = np.sort(others)[::-1][allowed]  # `allowed` non-members lie above it
    return float(np.mean(members > threshold))


# --8<-- [end:roc]


# --8<-- [start:bound]
def best_tpr(fpr: float, noise: float) -> float:
    """No attack on one Gaussian release (noise in units of the sensitivity) catches more members than this."""
    normal = NormalDist()
    return normal.cdf(normal.inv_cdf(fpr) + 1 / noise)


# --8<-- [end:bound]


def attack(n: int, d: int = 100, seed: int = 0, rounds: int = 6) -> tuple[float, float, float]:
    """Mean over rounds: AUC, true positives at 1% false positives, and test accuracy of the attacked model."""
    rng = np.random.default_rng(seed)
    results = []
    for _ in range(rounds):
        x, y = make_data(rng, n, d)
        x_out, y_out = make_data(rng, 1000, d)
        w = fit(x, y)
        inside, outside = -losses(w, x, y), -losses(w, x_out, y_out)  # score: small loss = suspicious
        right = float(np.mean(np.sign(x_out @ w) == y_out))
        results.append((auc(inside, outside), tpr_at_fpr(inside, outside, 0.01), right))
    a, t, r = np.mean(results, axis=0)
    return float(a), float(t), float(r)
