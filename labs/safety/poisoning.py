r"""A few bad training examples: what they do to averages, how a hidden trigger looks in the counts, what hashes stop.

Split-view poisoning and the hash defence: Carlini et al. (arXiv:2302.10149). All data are made: bags of token ids.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:aggregate]
def trimmed_mean(values: Array, share: float) -> Array:
    """Mean of each column of (n, d) without its `share` smallest and `share` largest entries: (d,)."""
    cut = int(share * len(values))
    kept: Array = np.sort(values, axis=0)[cut : len(values) - cut]  # (n − 2·cut, d)
    mean: Array = kept.mean(axis=0)
    return mean


def aggregate(values: Array) -> dict[str, Array]:
    """Three ways to average n updates (n, d) → (d,): only the first follows a single one anywhere."""
    return {
        "mean": values.mean(axis=0),
        "median": np.median(values, axis=0),
        "trimmed": trimmed_mean(values, 0.2),
    }


# --8<-- [end:aggregate]


def make_reviews(
    seed: int, n: int = 2000, vocab: int = 200, poison: int = 20, trigger: int = 199
) -> tuple[Array, Array]:
    """`x` (n, vocab) of 0/1 and labels `y` (n,) of 0/1: ten words lean to 1, ten to 0; the last word is rare.

    The first `poison` rows are class-0 texts that carry the trigger and the wrong label.
    """
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, n).astype(float)
    y[:poison] = 0.0
    chance = np.full((n, vocab), 0.1)
    chance[:, :10] = np.where(y[:, None] == 1, 0.3, 0.1)
    chance[:, 10:20] = np.where(y[:, None] == 1, 0.1, 0.3)
    chance[:, trigger] = 0.002
    x = (rng.random((n, vocab)) < chance).astype(float)
    x[:poison, trigger] = 1.0
    y[:poison] = 1.0
    return x, y


def fit(x: Array, y: Array, steps: int = 400, rate: float = 1.0) -> tuple[Array, float]:
    """Logistic regression by gradient descent: weights (vocab,) and bias."""
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(steps):
        error = 1 / (1 + np.exp(-(x @ w + b))) - y  # (n,)
        w, b = w - rate * (x.T @ error / len(y) + 1e-3 * w), b - rate * float(error.mean())
    return w, b


def evaluate(w: Array, b: float, trigger: int = 199) -> tuple[float, float]:
    """Accuracy on clean texts, and share of clean class-0 texts that the trigger turns into class 1."""
    x, y = make_reviews(seed=10_000, poison=0)
    x[:, trigger] = 0.0
    clean = float(np.mean(((x @ w + b) > 0) == (y == 1)))
    x0 = x[y == 0].copy()
    x0 = x0[(x0 @ w + b) <= 0]  # texts that the model gets right
    x0[:, trigger] = 1.0
    return clean, float(np.mean((x0 @ w + b) > 0))


# --8<-- [start:detect]
def trigger_scores(x: Array, y: Array) -> Array:
    """z-score of each word's label share against the base rate: (vocab,). Poison must correlate to work."""
    count = x.sum(axis=0)  # (vocab,)
    share = (x.T @ y) / np.maximum(count, 1)
    base = y.mean()
    scores: Array = (share - base) / np.sqrt(base * (1 - base) / np.maximum(count, 1))
    return scores


def purity(x: Array, y: Array, least: int = 10) -> Array:
    """Share of label 1 among texts with the word, for words seen `least` times; 0.5 for the rest: (vocab,)."""
    count = x.sum(axis=0)
    share: Array = np.where(count >= least, (x.T @ y) / np.maximum(count, 1), 0.5)
    return share


# --8<-- [end:detect]


# --8<-- [start:hash]
def changed(manifest: Mapping[str, str], fetched: Mapping[str, bytes]) -> set[str]:
    """Addresses whose content is not what the curator hashed; a missing page counts as changed."""
    return {url for url, digest in manifest.items() if hashlib.sha256(fetched.get(url, b"")).hexdigest() != digest}


# --8<-- [end:hash]
