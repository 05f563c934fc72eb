r"""Scaled dot-product attention $\mathrm{softmax}(QK^\top/\sqrt{d_k})V$: a weighted mean of the values.

Source: Vaswani et al., *Attention Is All You Need* (arXiv:1706.03762), section 3.2.1, equation (1).
"""

from __future__ import annotations

from math import sqrt

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


# --8<-- [start:softmax]
def softmax(x: Array, axis: int = -1) -> Array:
    r"""Safe softmax along `axis`: subtracting the maximum leaves the result as it is and exp cannot overflow.

    A row that is entirely $-\infty$ has no answer and comes out as NaN, as the formula says.
    """
    e: Array = np.exp(x - x.max(axis=axis, keepdims=True))
    p: Array = e / e.sum(axis=axis, keepdims=True)
    return p


# --8<-- [end:softmax]


# --8<-- [start:attention]
def scores(q: Array, k: Array, mask: Mask | None = None, scale: float | None = None) -> Array:
    r"""Scores $QK^\top/\sqrt{d_k}$, $-\infty$ where `mask` is False: (…, n, d_k), (…, m, d_k) → (…, n, m)."""
    scale = 1 / sqrt(q.shape[-1]) if scale is None else scale
    s: Array = q @ k.swapaxes(-1, -2) * scale  # (..., n, m)
    return s if mask is None else np.where(mask, s, -np.inf)


def attention(q: Array, k: Array, v: Array, mask: Mask | None = None, scale: float | None = None) -> Array:
    r"""Attention of n queries over m keys: `q` (…, n, d_k), `k` (…, m, d_k), `v` (…, m, d_v) → (…, n, d_v).

    `mask` broadcasts to (…, n, m), True = visible; `scale` replaces the default $1/\sqrt{d_k}$.
    """
    weights = softmax(scores(q, k, mask, scale))  # (..., n, m), each row sums to 1
    return weights @ v  # (..., n, d_v)


# --8<-- [end:attention]
