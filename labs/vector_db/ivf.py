r"""IVF: k-means cuts the space into cells, and a query reads only the lists of the cells next to it.

Source: Douze et al., *The Faiss library* (arXiv:2401.08281), section 5.
"""

from __future__ import annotations

import numpy as np

from labs.vector_db.evaluate import Array, Ints


# --8<-- [start:kmeans]
def squared_distances(x: Array, c: Array) -> Array:
    """All squared distances between rows `x` (n, d) and `c` (m, d): (n, m)."""
    out: Array = (x * x).sum(axis=1)[:, None] + (c * c).sum(axis=1) - 2 * (x @ c.T)
    return out


def kmeans(x: Array, k: int, seed: int = 0, rounds: int = 20) -> Array:
    """Centres (k, d) of `x` (n, d) by Lloyd's rounds: assign to the nearest centre, move it to the mean."""
    centres = x[np.random.default_rng(seed).choice(len(x), k, replace=False)]  # (k, d)
    for _ in range(rounds):
        which = squared_distances(x, centres).argmin(axis=1)  # (n,)
        sums = np.zeros_like(centres)  # (k, d)
        np.add.at(sums, which, x)
        count = np.bincount(which, minlength=k)[:, None]  # (k, 1)
        centres = np.where(count > 0, sums / np.maximum(count, 1), centres)  # an empty cell keeps its centre
    return centres


# --8<-- [end:kmeans]


# --8<-- [start:ivf]
class IVF:
    """Inverted lists over unit vectors `x` (n, d)."""

    def __init__(self, x: Array, nlist: int = 32, seed: int = 0) -> None:
        """Train `nlist` centres on `x` and write every vector into the list of its nearest centre."""
        self.x, self.centres = x, kmeans(x, nlist, seed)  # (n, d), (nlist, d)
        which = squared_distances(x, self.centres).argmin(axis=1)  # (n,)
        self.lists: list[Ints] = [np.flatnonzero(which == c) for c in range(nlist)]

    def search(self, query: Array, nprobe: int = 4, k: int = 10) -> tuple[Ints, float]:
        """The k nearest rows among the lists of the `nprobe` nearest centres, and the distances computed."""
        cells = squared_distances(query[None], self.centres)[0].argsort()[:nprobe]  # (nprobe,)
        ids = np.concatenate([self.lists[c] for c in cells])  # (candidates,)
        distance = 2 - 2 * (self.x[ids] @ query)  # (candidates,)
        return ids[np.argsort(distance, kind="stable")[:k]], len(self.centres) + len(ids)


# --8<-- [end:ivf]
