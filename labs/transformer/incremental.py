r"""Training sees all positions in one pass, generation feeds them one by one: the same numbers either way.

Source: Vaswani et al. (arXiv:1706.03762), section 3.1: masking keeps the decoder auto-regressive.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import attention
from labs.transformer.forward import Weights, ffn, norm

Array = npt.NDArray[np.float64]


# --8<-- [start:step]
class Cache:
    """Keys and values of one layer, one row more per step: (t, d) each."""

    def __init__(self, d: int) -> None:
        self.k, self.v = np.zeros((0, d)), np.zeros((0, d))


def step(
    token: int,
    table: Array,
    positions: Array,
    layers: list[dict[str, Weights]],
    final: Weights,
    heads: int,
    caches: list[Cache],
) -> Array:
    """Logits (V,) after one more token of a Pre-LN decoder; earlier tokens are read from the caches only."""
    d = table.shape[1]
    x = table[token] * sqrt(d) + positions[len(caches[0].k)]  # (d,)
    for w, cache in zip(layers, caches, strict=True):
        y, a = norm(x, w["norm_1"]), w["self"]  # (d,)
        cache.k = np.vstack([cache.k, y @ a["w_k"] + a["b_k"]])  # (t, d)
        cache.v = np.vstack([cache.v, y @ a["w_v"] + a["b_v"]])  # (t, d)
        q = (y @ a["w_q"] + a["b_q"]).reshape(heads, 1, d // heads)  # (h, 1, d_h): one query
        k, v = (z.reshape(-1, heads, d // heads).swapaxes(0, 1) for z in (cache.k, cache.v))  # (h, t, d_h)
        x = x + attention(q, k, v).reshape(d) @ a["w_o"] + a["b_o"]  # no mask: all cached tokens are past
        x = x + ffn(norm(x, w["norm_2"]), w["ffn"])  # (d,)
    return norm(x, final) @ table.T  # (V,)


# --8<-- [end:step]
