r"""If queries and keys share one projection, the score matrix is symmetric and positive semidefinite.

Source: a consequence of $S=QK^\top$ (Vaswani et al., arXiv:1706.03762, section 3.2.1); sharing is
used with further changes by Kitaev et al., *Reformer* (arXiv:2001.04451), section 2.
"""

from __future__ import annotations

import numpy as np

from labs.attention.scaled_dot_product import Array, scores


# --8<-- [start:shared]
def shared_scores(x: Array, w: Array) -> Array:
    r"""Scores with $W_Q=W_K=W$: `x` (n, d), `w` (d, d_k) give a Gram matrix (n, n)."""
    return scores(x @ w, x @ w)


def separate_scores(x: Array, w_q: Array, w_k: Array) -> Array:
    r"""Scores with two projections (d, d_k): the bilinear form $W_QW_K^\top$ need not be symmetric."""
    return scores(x @ w_q, x @ w_k)


# --8<-- [end:shared]


def rotate(x: Array, base: float = 10000.0) -> Array:
    """Rotary positions: turn each pair of entries of row p by p times its frequency; (n, d) stays (n, d)."""
    n, d = x.shape
    angle = np.arange(n)[:, None] * base ** (-np.arange(0, d, 2) / d)  # (n, d/2)
    a, b = x[:, 0::2], x[:, 1::2]  # (n, d/2) each
    turned = [a * np.cos(angle) - b * np.sin(angle), a * np.sin(angle) + b * np.cos(angle)]
    return np.stack(turned, axis=-1).reshape(n, d)  # (n, d)


def diagonal_wins(s: Array) -> float:
    """Share of the rows of a score matrix (n, n) whose largest score is the one with themselves."""
    return float((s.argmax(axis=1) == np.arange(len(s))).mean())
