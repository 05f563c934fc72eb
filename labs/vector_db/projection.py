r"""Fewer dimensions: principal components, random projections, and plain truncation.

Sources: Achlioptas (2003) for the coins; the bound of `jl_dim` is Dasgupta and Gupta's form of the
Johnson–Lindenstrauss lemma; Kusupati et al. (arXiv:2205.13147) for vectors trained to be truncated.
"""

from __future__ import annotations

from math import log

import numpy as np
import numpy.typing as npt

from labs.vector_db.evaluate import Array, Ints, normalise


# --8<-- [start:random]
def gaussian(d: int, k: int, rng: np.random.Generator) -> Array:
    """Matrix (d, k) with entries N(0, 1/k): lengths are kept in expectation."""
    return np.asarray(rng.standard_normal((d, k)) / k**0.5)


def coins(d: int, k: int, rng: np.random.Generator) -> Array:
    """Entries ±1/√k by fair coins: as good as the Gaussian, and no multiplication is needed to apply it."""
    return np.asarray(rng.choice([-1.0, 1.0], (d, k)) / k**0.5)


def sparse_coins(d: int, k: int, rng: np.random.Generator) -> Array:
    """Entries √(3/k)·{+1, 0, −1} with chances 1/6, 2/3, 1/6: two thirds of the work disappears."""
    return np.asarray(rng.choice([-1.0, 0.0, 1.0], (d, k), p=[1 / 6, 2 / 3, 1 / 6]) * (3 / k) ** 0.5)


def jl_dim(n: int, eps: float) -> float:
    """Dimensions that keep all squared distances of n points within 1 ± eps with positive probability."""
    return 4 * log(n) / (eps**2 / 2 - eps**3 / 3)


def distortion(x: Array, y: Array) -> tuple[float, float]:
    """Smallest and largest ratio of squared distances in `y` (n, k) to those in `x` (n, d), over all pairs."""

    def squares(z: Array) -> Array:
        norm = (z * z).sum(axis=1)  # (n,)
        out: Array = norm[:, None] + norm - 2 * z @ z.T  # (n, n)
        return out[np.triu_indices(len(z), 1)]  # (n(n−1)/2,)

    ratio = squares(y) / squares(x)
    return float(ratio.min()), float(ratio.max())


# --8<-- [end:random]


# --8<-- [start:pca]
def pca(x: Array, k: int) -> tuple[Array, Array]:
    """Mean (d,) and the k directions of largest variance (d, k) of rows `x` (n, d)."""
    mean = x.mean(axis=0)  # (d,)
    _, _, vt = np.linalg.svd(x - mean, full_matrices=False)  # (d, d): rows are directions, largest first
    return mean, vt[:k].T


# --8<-- [end:pca]


def truncate(x: Array, k: int) -> Array:
    """The first k coordinates, brought back to length 1: (n, k)."""
    return normalise(x[:, :k])


# --8<-- [start:rerank]
def search_low(low: Array, low_query: Array, x: Array, query: Array, keep: int, k: int = 10) -> tuple[Ints, float]:
    """Scan all of `low` (n, p), then rank the `keep` best by their full vectors; cost in full distances."""
    distance = ((low - low_query) ** 2).sum(axis=1)  # (n,)
    short: npt.NDArray[np.intp] = np.argsort(distance, kind="stable")[:keep]  # (keep,)
    exact = 2 - 2 * (x[short] @ query)  # (keep,)
    scanned = (len(low) + query.size) * low.shape[1] / x.shape[1]  # n distances and one projection, p of d wide
    return short[np.argsort(exact, kind="stable")][:k], scanned + keep


# --8<-- [end:rerank]
