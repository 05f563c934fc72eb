"""MoBA: every query attends to its own block and to the past blocks whose mean key it likes best.

Source: Lu et al., *MoBA: Mixture of Block Attention* (arXiv:2502.13189), section 2.2, equations (2)-(6).
`top_k` counts the current block, as in the paper (section 3.1, footnote 3).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import attention

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


# --8<-- [start:gate]
def gate(q: Array, k: Array, block: int, top_k: int) -> Mask:
    """Which blocks each query attends to: (n, d), (n, d) → (n, number of blocks)."""
    n, blocks = len(k), -(-len(k) // block)
    parts = [k[b * block : (b + 1) * block] for b in range(blocks)]  # (block, d) each
    means = np.stack([part.mean(axis=0) for part in parts])  # (blocks, d)
    current = np.arange(n)[:, None] // block  # (n, 1), the block that a query stands in
    b = np.arange(blocks)[None, :]  # (1, blocks)
    s = q @ means.T  # (n, blocks), affinity of query and block; no parameter is learned
    s = np.where(b > current, -np.inf, s)  # a future block is out of the question
    s = np.where(b == current, np.inf, s)  # the current one is forced: its mean knows the future
    best = np.argsort(-s, axis=1, kind="stable")[:, :top_k]  # (n, top_k)
    chosen = np.zeros((n, blocks), dtype=bool)  # (n, blocks)
    np.put_along_axis(chosen, best, True, axis=1)
    chosen &= b <= current  # early queries have fewer than top_k blocks behind them
    return chosen


# --8<-- [end:gate]


# --8<-- [start:moba]
def token_mask(blocks: Mask, block: int, n: int) -> Mask:
    """From blocks to tokens, (n, blocks) → (n, n): causal inside the current block."""
    visible: Mask = blocks.repeat(block, axis=1)[:, :n] & np.tri(n, dtype=bool)  # (n, n)
    return visible


def moba(q: Array, k: Array, v: Array, block: int, top_k: int) -> Array:
    """One head: (n, d), (n, d), (n, d_v) → (n, d_v). All blocks chosen, it is full causal attention."""
    return attention(q, k, v, token_mask(gate(q, k, block, top_k), block, len(q)))


# --8<-- [end:moba]
