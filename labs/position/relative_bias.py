r"""Relative positions: what is added to a score depends on the offset j − i alone.

Sources: Shaw et al. (arXiv:1803.02155), section 3; the scalar bias is that of Raffel et al.
(arXiv:1910.10683), section 2.1, and of Press et al. (arXiv:2108.12409), section 3.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


# --8<-- [start:bias]
def offsets(n: int, start: int = 0) -> Ints:
    """j − i of every query i and key j at positions start, start + 1, …: (n, n), negative = the past."""
    position = start + np.arange(n)  # (n,)
    return position[None, :] - position[:, None]  # (n, n): `start` cancels here


def biased_weights(q: Array, k: Array, bias: Array) -> Array:
    r"""Causal softmax of $q_i^\top k_j/\sqrt d+b_{ij}$: `q`, `k` (n, d), `bias` (n, n) → (n, n)."""
    s = q @ k.T / sqrt(q.shape[-1]) + bias  # (n, n)
    return softmax(np.where(np.tri(len(q), dtype=np.bool_), s, -np.inf))  # (n, n)


# --8<-- [end:bias]


# --8<-- [start:shaw]
def shaw_scores(q: Array, k: Array, table: Array, clip: int) -> Array:
    r"""$q_i^\top(k_j+a_{\mathrm{clip}(j-i)})/\sqrt d$, a row of `table` (2·clip + 1, d) per offset."""
    index = np.clip(offsets(len(q)), -clip, clip) + clip  # (n, n): beyond `clip` all offsets share one vector
    with_position = k[None, :, :] + table[index]  # (n, n, d)
    scores: Array = np.einsum("id,ijd->ij", q, with_position) / sqrt(q.shape[-1])  # (n, n)
    return scores


# --8<-- [end:shaw]


def window_weights(content: Array, positions: Ints, encode: Callable[[Ints], Array], w_q: Array, w_k: Array) -> Array:
    """For comparison, positions *added* to the input: the weights then depend on where the window lies."""
    x = content + encode(positions)  # (n, d)
    return biased_weights(x @ w_q, x @ w_k, np.zeros((len(x), len(x))))  # (n, n)
