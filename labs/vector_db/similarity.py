r"""Cosine, inner product and Euclidean distance: when they rank alike, and how one is turned into another.

Source: Douze et al., *The Faiss library* (arXiv:2401.08281), section 2.
"""

from __future__ import annotations

import numpy as np

from labs.vector_db.evaluate import Array, normalise


# --8<-- [start:measures]
def dot(x: Array, query: Array) -> Array:
    """Inner product of each row of `x` (n, d) with `query` (d,): (n,)."""
    out: Array = x @ query
    return out


def cosine(x: Array, query: Array) -> Array:
    """Cosine of the angle: the inner product after both sides are divided by their lengths: (n,)."""
    out: Array = normalise(x) @ normalise(query)
    return out


def squared_distance(x: Array, query: Array) -> Array:
    """‖x‖² + ‖q‖² − 2 x·q: the first term can be stored, the last is a matrix product: (n,)."""
    out: Array = (x * x).sum(axis=1) + query @ query - 2 * (x @ query)
    return out


# --8<-- [end:measures]


# --8<-- [start:mips]
def augment(x: Array) -> Array:
    """Rows (n, d) with one more coordinate that gives all the same length: (n, d + 1)."""
    square = (x * x).sum(axis=1)  # (n,)
    return np.column_stack([x, np.sqrt(square.max() - square)])  # ‖x̃‖² = M² for every row


def augment_query(query: Array) -> Array:
    """Query (d,) with a zero: x̃·q̃ = x·q, so the nearest row of `augment(x)` has the largest product: (d + 1,)."""
    return np.append(query, 0.0)


# --8<-- [end:mips]


def random_cosines(d: int, n: int, seed: int = 0) -> Array:
    """Cosines of n pairs of independent random directions in d dimensions: (n,)."""
    rng = np.random.default_rng(seed)
    a, b = (normalise(rng.standard_normal((n, d))) for _ in range(2))  # (n, d)
    out: Array = (a * b).sum(axis=1)
    return out


def cosine_density(t: Array, d: int) -> Array:
    """Density of that cosine at `t`, proportional to (1 − t²)^((d − 3)/2), scaled to 1 at its top (d ≥ 3)."""
    out: Array = (1 - t * t) ** ((d - 3) / 2)
    return out
