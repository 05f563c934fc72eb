"""How much a d × d state remembers: write N key-value pairs, then ask for every one of them again.

The bound, at most d orthogonal keys, is that of Yang et al. (arXiv:2412.06464), section 1.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.gated_deltanet import write

Array = npt.NDArray[np.float64]


def unit(x: Array) -> Array:
    """Rows scaled to length 1: (n, d) → (n, d)."""
    u: Array = x / np.linalg.norm(x, axis=1, keepdims=True)
    return u


# --8<-- [start:recall]
def recall_errors(k: Array, v: Array) -> tuple[Array, Array]:
    """Squared read errors (n,), for keys (n, d_k), values (n, d_v): adding, and the delta rule."""
    added = v.T @ k  # (d_v, d_k), linear attention: the sum of v kᵀ
    corrected = np.zeros_like(added)  # (d_v, d_k)
    for key, value in zip(k, v, strict=True):
        corrected = write(corrected, key, value, alpha=1.0, beta=1.0)
    return ((k @ added.T - v) ** 2).sum(axis=1), ((k @ corrected.T - v) ** 2).sum(axis=1)


# --8<-- [end:recall]


def mean_recall_errors(pairs: int, d: int, seeds: int) -> tuple[float, float]:
    """The two errors averaged over random unit keys and values."""
    total = np.zeros(2)
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        k, v = unit(rng.standard_normal((pairs, d))), unit(rng.standard_normal((pairs, d)))  # (pairs, d) each
        total += [errors.mean() for errors in recall_errors(k, v)]
    added, corrected = (float(x) for x in total / seeds)
    return added, corrected
