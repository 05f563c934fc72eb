r"""FlashAttention backward: P is recomputed by tiles from Q, K and the saved $L=m+\log\ell$, never stored.

Source: Dao, *FlashAttention-2* (arXiv:2307.08691), algorithm 2 (keys outside, queries inside, as in v1).
"""

from __future__ import annotations

from math import sqrt

import numpy as np

from labs.attention.flash_attention import Array, tile_scores


# --8<-- [start:backward]
def flash_backward(
    q: Array, k: Array, v: Array, o: Array, lse: Array, do: Array, b_r: int, b_c: int, causal: bool = False
) -> tuple[Array, Array, Array]:
    r"""Gradients (dQ, dK, dV), each (n, d), from $dO$ (n, d), the output `o` (n, d) and `lse` (n,)."""
    n, d = q.shape
    dq, dk, dv = np.zeros_like(q), np.zeros_like(k), np.zeros_like(v)
    # Row sums of P∘dP without either: sum_j P_ij (dO_i · V_j) = dO_i · O_i.
    delta = (do * o).sum(axis=1)  # (n,)
    for col in range(0, n, b_c):
        cols = slice(col, col + b_c)
        for row in range(0, n, b_r):
            if causal and row + b_r <= col:
                continue
            rows = slice(row, row + b_r)
            s = tile_scores(q[rows], k[cols], row, col, causal)  # (b_r, b_c), first of five matrix products
            p = np.exp(s - lse[rows, None])  # (b_r, b_c), already normalised
            dv[cols] += p.T @ do[rows]  # (b_c, d)
            dp = do[rows] @ v[cols].T  # (b_r, b_c)
            ds = p * (dp - delta[rows, None]) / sqrt(d)  # (b_r, b_c)
            dq[rows] += ds @ k[cols]  # (b_r, d); on a GPU an atomic add, because other columns write here too
            dk[cols] += ds.T @ q[rows]  # (b_c, d)
    return dq, dk, dv


# --8<-- [end:backward]
