r"""Multi-head attention: h attentions in h learned subspaces, mixed by $W^O$; and what it costs.

Source: Vaswani et al., *Attention Is All You Need* (arXiv:1706.03762), section 3.2.2.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import Mask, attention

Array = npt.NDArray[np.float64]


# --8<-- [start:multi_head]
def split_heads(x: Array, n_heads: int) -> Array:
    """Cut the last axis into heads: (n, h·d_h) → (h, n, d_h)."""
    n, width = x.shape
    return x.reshape(n, n_heads, width // n_heads).swapaxes(0, 1)  # (h, n, d_h)


def merge_heads(x: Array) -> Array:
    """Concatenate the heads again: (h, n, d_h) → (n, h·d_h)."""
    n_heads, n, head_dim = x.shape
    return x.swapaxes(0, 1).reshape(n, n_heads * head_dim)  # (n, h·d_h)


def multi_head_attention(
    x: Array, w_q: Array, w_k: Array, w_v: Array, w_o: Array, n_heads: int, mask: Mask | None = None
) -> Array:
    """Self-attention of `x` (n, d): `w_q`, `w_k`, `w_v` are (d, h·d_h), `w_o` is (h·d_h, d); returns (n, d).

    Nothing ties h·d_h to d: W^O brings any width back to d.
    """
    q = split_heads(x @ w_q, n_heads)  # (h, n, d_h)
    k = split_heads(x @ w_k, n_heads)  # (h, n, d_h)
    v = split_heads(x @ w_v, n_heads)  # (h, n, d_h)
    heads = attention(q, k, v, mask)  # (h, n, d_h): each head has its own n×n weights
    return merge_heads(heads) @ w_o  # (n, d)


# --8<-- [end:multi_head]


def sum_over_heads(
    x: Array, w_q: Array, w_k: Array, w_v: Array, w_o: Array, n_heads: int, mask: Mask | None = None
) -> Array:
    r"""The same layer as $\sum_i A_i\,X W^V_i W^O_i$: concatenation and $W^O$ add up the heads."""
    head_dim = w_q.shape[1] // n_heads
    out = np.zeros((x.shape[0], w_o.shape[1]))  # (n, d)
    for i in range(n_heads):
        part = slice(i * head_dim, (i + 1) * head_dim)
        head = attention(x @ w_q[:, part], x @ w_k[:, part], x @ w_v[:, part], mask)  # (n, d_h)
        out += head @ w_o[part]  # (n, d_h) @ (d_h, d)
    return out


# --8<-- [start:cost]
def flops(n: int, d: int, n_heads: int, head_dim: int) -> dict[str, int]:
    """Multiply-adds (counted as 2) of one layer on n tokens, and the exponentials of its softmax."""
    width = n_heads * head_dim
    return {
        "projections": 4 * 2 * n * d * width,  # Q, K, V and O
        "attention": 2 * 2 * n * n * width,  # QKᵀ, then weights times V
        "exponentials": n_heads * n * n,  # the one count that grows with h at a fixed width
    }


def parameters(d: int, n_heads: int, head_dim: int, n_kv: int | None = None) -> int:
    """Weights of W^Q, W^K, W^V and W^O without biases; `n_kv` < `n_heads` is grouped-query attention."""
    n_kv = n_heads if n_kv is None else n_kv
    return 2 * d * n_heads * head_dim + 2 * d * n_kv * head_dim


# --8<-- [end:cost]
