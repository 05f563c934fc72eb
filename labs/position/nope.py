r"""No position encoding (NoPE): without a mask attention cannot tell order; the causal mask alone can.

Sources: Haviv et al. (arXiv:2203.16634); Kazemnejad et al. (arXiv:2305.19466), theorem 1 and appendix C.1.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import attention

Array = npt.NDArray[np.float64]


# --8<-- [start:stack]
def make_layers(layers: int, d: int, rng: np.random.Generator) -> Array:
    """Random W^Q, W^K, W^V, W^O of each layer: (layers, 4, d, d)."""
    return rng.standard_normal((layers, 4, d, d)) / sqrt(d)


def run(x: Array, layers: Array, *, causal: bool) -> Array:
    """Attention layers with residuals and no position encoding: (n, d) → (n, d)."""
    mask = np.tri(len(x), dtype=np.bool_) if causal else None  # (n, n), True = visible
    for w_q, w_k, w_v, w_o in layers:
        x = x + attention(x @ w_q, x @ w_k, x @ w_v, mask) @ w_o  # (n, d)
    return x


# --8<-- [end:stack]


# --8<-- [start:count]
def count_predecessors(is_bos: npt.NDArray[np.bool_]) -> Array:
    """One causal head that reads its own position off the mask: (n,) → 1/t at position t = 1, 2, …

    All keys are equal, so attention is uniform over the t visible tokens; only <bos> has the value 1.
    """
    n = len(is_bos)
    same = np.zeros((n, 1))  # (n, 1): queries and keys carry nothing
    value = is_bos.astype(np.float64)[:, None]  # (n, 1)
    return attention(same, same, value, np.tri(n, dtype=np.bool_))[:, 0]  # (n,)


# --8<-- [end:count]
