r"""LSH for angles: the side of random hyperplanes as hash bits, k bits a table, L tables.

Sources: Charikar, *Similarity Estimation Techniques from Rounding Algorithms* (STOC 2002), section 3;
Indyk & Motwani (STOC 1998) for the tables.
"""

from __future__ import annotations

import numpy as np

from labs.vector_db.evaluate import Array, Ints


# --8<-- [start:hash]
def collision(theta: Array | float) -> Array:
    """Chance that a random hyperplane does not separate two vectors at angle `theta`: 1 − θ/π."""
    return np.asarray(1 - np.asarray(theta) / np.pi)


def hit(p: Array | float, k: int, tables: int) -> Array:
    """Chance to share a bucket in at least one of L tables of k bits each: 1 − (1 − p^k)^L."""
    return np.asarray(1 - (1 - np.asarray(p) ** k) ** tables)


# --8<-- [end:hash]


# --8<-- [start:index]
class LSH:
    """Hash tables over unit vectors `x` (n, d)."""

    def __init__(self, x: Array, k: int = 8, tables: int = 16, seed: int = 0) -> None:
        """Hash every row of `x` with k bits into each of the tables."""
        self.x, self.k, self.tables = x, k, tables
        self.planes = np.random.default_rng(seed).standard_normal((tables, k, x.shape[1]))  # (L, k, d)
        self.buckets: list[dict[int, list[int]]] = [{} for _ in range(tables)]
        for i, keys in enumerate(self.keys(x)):
            for bucket, key in zip(self.buckets, keys.tolist(), strict=True):
                bucket.setdefault(key, []).append(i)

    def keys(self, x: Array) -> Ints:
        """Bucket of each row of `x` (n, d) in every table: k sign bits read as a number: (n, L)."""
        bits = np.einsum("nd,lkd->nlk", x, self.planes) > 0  # (n, L, k)
        out: Ints = bits @ (1 << np.arange(self.k))  # (n, L)
        return out

    def search(self, query: Array, k: int = 10) -> tuple[Ints, float]:
        """Exact ranking of everything that shares a bucket with `query`; may return fewer than k."""
        found: set[int] = set()
        for bucket, key in zip(self.buckets, self.keys(query[None])[0].tolist(), strict=True):
            found.update(bucket.get(key, []))
        ids = np.array(sorted(found), dtype=np.int64)  # (candidates,)
        distance = 2 - 2 * (self.x[ids] @ query)  # (candidates,)
        cost = self.tables * self.k + len(ids)  # each bit is one product of length d
        return ids[np.argsort(distance, kind="stable")[:k]], cost


# --8<-- [end:index]
