r"""Product quantisation: cut a vector into m parts, replace each part by the number of its nearest centre.

Source: Jégou, Douze & Schmid, *Product Quantization for Nearest Neighbor Search* (2011), sections II and III.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.vector_db.evaluate import Array, Ints
from labs.vector_db.ivf import kmeans, squared_distances

Codes = npt.NDArray[np.uint8]


# --8<-- [start:encode]
def split(x: Array, m: int) -> Array:
    """Rows `x` (n, d) as m parts: (m, n, d/m)."""
    return x.reshape(len(x), m, -1).swapaxes(0, 1)


def train(x: Array, m: int, k: int = 16, seed: int = 0) -> Array:
    """One codebook a part, each by its own k-means on `x` (n, d): (m, k, d/m)."""
    return np.stack([kmeans(part, k, seed) for part in split(x, m)])


def encode(x: Array, books: Array) -> Codes:
    """Number of the nearest centre of every part: `x` (n, d) → (n, m)."""
    parts = split(x, len(books))  # (m, n, d/m)
    codes = [squared_distances(p, b).argmin(axis=1) for p, b in zip(parts, books, strict=True)]
    return np.stack(codes, axis=1).astype(np.uint8)


def decode(codes: Codes, books: Array) -> Array:
    """The vectors (n, d) that `codes` (n, m) stand for: the chosen centres end to end."""
    parts = books[np.arange(len(books)), codes]  # (n, m, d/m)
    out: Array = parts.reshape(len(codes), -1)
    return out


# --8<-- [end:encode]


# --8<-- [start:adc]
def table(query: Array, books: Array) -> Array:
    """Squared distances of every part of `query` (d,) to every centre of that part: (m, k)."""
    out: Array = ((split(query[None], len(books)) - books) ** 2).sum(axis=2)
    return out


def adc(codes: Codes, query: Array, books: Array) -> Array:
    """Asymmetric distances of `query` (d,) to all `codes` (n, m): m look-ups and m − 1 additions each: (n,)."""
    out: Array = table(query, books)[np.arange(len(books)), codes].sum(axis=1)
    return out


def search(codes: Codes, books: Array, x: Array, query: Array, keep: int = 10, k: int = 10) -> tuple[Ints, float]:
    """Rank all codes by ADC, then the best `keep` by their full vectors `x` (n, d) if `keep` > `k`."""
    short = np.argsort(adc(codes, query, books), kind="stable")[:keep]  # (keep,)
    m, centres, _ = books.shape
    cost = centres + len(codes) * m / x.shape[1]  # the table is k whole distances; a look-up counts as one of d terms
    if keep > k:
        short = short[np.argsort(2 - 2 * (x[short] @ query), kind="stable")]
        cost += keep
    return short[:k], cost


# --8<-- [end:adc]
