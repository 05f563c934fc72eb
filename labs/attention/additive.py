r"""Additive scores $v^\top\tanh(W_1q_i+W_2k_j)$: as many operations as a dot product, far more memory.

Source: Bahdanau et al., *Neural Machine Translation by Jointly Learning to Align and Translate*
(arXiv:1409.0473), section 3.1 and appendix A.1.2; Vaswani et al. (arXiv:1706.03762), section 3.2.1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from labs.attention.scaled_dot_product import Array


# --8<-- [start:additive]
def additive_scores(q: Array, k: Array, w1: Array, w2: Array, v: Array) -> Array:
    """Scores of n queries (n, d) and m keys (m, d) by a hidden layer of h units: (n, m).

    `w1` and `w2` are (d, h), `v` is (h,). Adding every query to every key makes an array of (n, m, h).
    """
    hidden = np.tanh((q @ w1)[:, None, :] + (k @ w2)[None, :, :])  # (n, m, h)
    return hidden @ v  # (n, m)


# --8<-- [end:additive]


class Cost(NamedTuple):
    """Work and space of one head's scores."""

    flops: int  # multiplications and additions
    tanh: int  # evaluations of tanh
    elements: int  # largest array that must exist at once if nothing is fused


def dot_cost(n: int, m: int, d: int) -> Cost:
    """Scores by one matrix product (n, d) @ (d, m)."""
    return Cost(flops=2 * n * m * d, tanh=0, elements=n * m)


def additive_cost(n: int, m: int, d: int, h: int) -> Cost:
    """Two projections, n·m sums of h entries, n·m products with v."""
    return Cost(flops=2 * (n + m) * d * h + n * m * h + 2 * n * m * h, tanh=n * m * h, elements=n * m * h)
