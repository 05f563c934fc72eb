r"""FlashAttention forward: exact attention in tiles, with a counter of what crosses the bus to slow memory.

Sources: Dao et al., *FlashAttention* (arXiv:2205.14135), algorithms 0 and 1; Dao, *FlashAttention-2*
(arXiv:2307.08691), algorithm 1. One head, `q`, `k`, `v` of shape (n, d). Slow memory is only touched
through `HBM`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass
class HBM:
    """Slow memory: counts each element that is read into the chip or written back."""

    reads: int = 0
    writes: int = 0

    def load(self, x: Array) -> Array:
        """A copy on the chip of the part `x` of an HBM array."""
        self.reads += x.size
        return x.copy()

    def store(self, target: Array, value: Array) -> None:
        """Write `value` back into the part `target` of an HBM array."""
        self.writes += value.size
        target[...] = value

    @property
    def traffic(self) -> int:
        """Elements read plus elements written."""
        return self.reads + self.writes


def tile_scores(q: Array, k: Array, row: int, col: int, causal: bool) -> Array:
    """Scores (b_r, b_c) of the tile whose corner is (`row`, `col`); hidden entries are -inf."""
    s = q @ k.T / sqrt(q.shape[1])  # (b_r, b_c)
    if not causal:
        return s
    visible = np.arange(row, row + len(q))[:, None] >= np.arange(col, col + len(k))  # (b_r, b_c)
    return np.where(visible, s, -np.inf)


# --8<-- [start:standard]
def standard(q: Array, k: Array, v: Array, hbm: HBM, causal: bool = False) -> Array:
    """Three kernels, each of which sends its (n, n) matrix through HBM (algorithm 0)."""
    n, d = q.shape
    s, p, o = np.empty((n, n)), np.empty((n, n)), np.empty((n, d))
    hbm.store(s, tile_scores(hbm.load(q), hbm.load(k), 0, 0, causal))  # S = QK^T
    scores = hbm.load(s)  # (n, n)
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    hbm.store(p, e / e.sum(axis=1, keepdims=True))  # P = softmax(S)
    hbm.store(o, hbm.load(p) @ hbm.load(v))  # O = PV
    return o


# --8<-- [end:standard]


# --8<-- [start:v1]
def flash_v1(q: Array, k: Array, v: Array, b_r: int, b_c: int, hbm: HBM, causal: bool = False) -> Array:
    """Keys outside, queries inside: unfinished O, l, m go to HBM and back in each outer round."""
    n, d = q.shape
    o, total, m = np.empty((n, d)), np.empty(n), np.empty(n)
    hbm.store(o, np.zeros((n, d)))
    hbm.store(total, np.zeros(n))
    hbm.store(m, np.full(n, -np.inf))
    for col in range(0, n, b_c):
        kj, vj = hbm.load(k[col : col + b_c]), hbm.load(v[col : col + b_c])  # (b_c, d)
        for row in range(0, n, b_r):
            if causal and row + b_r <= col:
                continue  # the whole tile lies above the diagonal
            rows = slice(row, row + b_r)
            qi, oi = hbm.load(q[rows]), hbm.load(o[rows])  # (b_r, d)
            li, mi = hbm.load(total[rows]), hbm.load(m[rows])  # (b_r,)
            s = tile_scores(qi, kj, row, col, causal)  # (b_r, b_c), never leaves the chip
            m_new = np.maximum(mi, s.max(axis=1))
            p = np.exp(s - m_new[:, None])  # (b_r, b_c)
            l_new = li * np.exp(mi - m_new) + p.sum(axis=1)
            # O is kept normalised, so each visit multiplies by the old sum and divides by the new one.
            oi = (oi * (li * np.exp(mi - m_new))[:, None] + p @ vj) / l_new[:, None]
            hbm.store(o[rows], oi)
            hbm.store(total[rows], l_new)
            hbm.store(m[rows], m_new)
    return o


# --8<-- [end:v1]


# --8<-- [start:v2]
def flash_v2(q: Array, k: Array, v: Array, b_r: int, b_c: int, hbm: HBM, causal: bool = False) -> tuple[Array, Array]:
    r"""Queries outside, keys inside: O stays on chip until done. Returns O (n, d), $L=m+\log\ell$ (n,)."""
    n, d = q.shape
    o, lse = np.empty((n, d)), np.empty(n)
    for row in range(0, n, b_r):  # independent of each other: one thread block each
        rows = slice(row, row + b_r)
        qi = hbm.load(q[rows])  # (b_r, d)
        oi, li, mi = np.zeros_like(qi), np.zeros(len(qi)), np.full(len(qi), -np.inf)
        for col in range(0, min(n, row + b_r) if causal else n, b_c):
            kj, vj = hbm.load(k[col : col + b_c]), hbm.load(v[col : col + b_c])  # (b_c, d)
            s = tile_scores(qi, kj, row, col, causal)  # (b_r, b_c)
            m_new = np.maximum(mi, s.max(axis=1))
            p, shrink = np.exp(s - m_new[:, None]), np.exp(mi - m_new)  # (b_r, b_c), (b_r,)
            li, mi = li * shrink + p.sum(axis=1), m_new
            oi = oi * shrink[:, None] + p @ vj  # no division in the loop
        hbm.store(o[rows], oi / li[:, None])
        hbm.store(lse[rows], mi + np.log(li))
    return o, lse


# --8<-- [end:v2]
