r"""CoPE: a token's position, seen from a query, is the number of open gates on the way to it.

Source: Golovneva et al., *Contextual Position Encoding* (arXiv:2405.18719), section 4.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]


# --8<-- [start:cope]
def positions(gates: Array) -> Array:
    r"""$p_{ij}=\sum_{k=j}^ig_{ik}$, counted backwards from the query: gates (n, n), causal → (n, n)."""
    gates = np.tril(gates)  # a query counts no later token
    counted: Array = np.cumsum(gates[:, ::-1], axis=1)[:, ::-1]  # (n, n)
    return counted


def position_scores(q: Array, p: Array, table: Array) -> Array:
    """q_i · e[p_ij], interpolated between two rows of `table` (P, d): q (n, d), p (n, n) → (n, n)."""
    p = np.minimum(p, len(table) - 1)  # (n, n): beyond the table all positions are the last one
    low, high = np.floor(p).astype(np.int64), np.ceil(p).astype(np.int64)  # (n, n)
    z = q @ table.T  # (n, P): one product per integer position, interpolated afterwards
    rows = np.arange(len(q))[:, None]
    part = p - low  # (n, n)
    return part * z[rows, high] + (1 - part) * z[rows, low]  # (n, n)


def cope_weights(q: Array, k: Array, table: Array) -> Array:
    """Causal attention weights with gates σ(q_i · k_j): `q`, `k` (n, d) → (n, n)."""
    s = q @ k.T  # (n, n), used twice: as content score and for the gates
    p = positions(1 / (1 + np.exp(-s)))  # (n, n)
    s = s + position_scores(q, p, table)  # (n, n)
    return softmax(np.where(np.tri(len(q), dtype=np.bool_), s, -np.inf))  # (n, n)


# --8<-- [end:cope]
