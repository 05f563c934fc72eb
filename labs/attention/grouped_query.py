r"""Grouped-query attention: h query heads share g key/value heads; g = 1 is multi-query, g = h is multi-head.

Sources: Shazeer, *Fast Transformer Decoding* (arXiv:1911.02150), section 3; Ainslie et al., *GQA*
(arXiv:2305.13245), section 2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from labs.attention.multi_head import merge_heads, split_heads
from labs.attention.scaled_dot_product import Mask, attention

Array = npt.NDArray[np.float64]


# --8<-- [start:gqa]
def grouped_query(q: Array, k: Array, v: Array, mask: Mask | None = None) -> Array:
    """`q` (h, n, d_h) over `k`, `v` (g, m, d_h): the first h/g query heads read head 0, and so on."""
    n_heads, n, head_dim = q.shape
    groups = k.shape[0]
    q = q.reshape(groups, n_heads // groups, n, head_dim)  # (g, h/g, n, d_h)
    out = attention(q, k[:, None], v[:, None], mask)  # k, v: (g, 1, m, d_h), broadcast and never copied
    return out.reshape(n_heads, n, -1)  # (h, n, d_h)


def grouped_query_attention(
    x: Array, w_q: Array, w_k: Array, w_v: Array, w_o: Array, heads: int, n_kv: int, mask: Mask | None = None
) -> Array:
    """Self-attention of `x` (n, d): `w_q` (d, h·d_h), `w_k`, `w_v` (d, g·d_h), `w_o` (h·d_h, d) → (n, d)."""
    q = split_heads(x @ w_q, heads)  # (h, n, d_h)
    k = split_heads(x @ w_k, n_kv)  # (g, n, d_h)
    v = split_heads(x @ w_v, n_kv)  # (g, n, d_h): with k, all that decoding has to cache
    return merge_heads(grouped_query(q, k, v, mask)) @ w_o  # (n, d)


# --8<-- [end:gqa]


# --8<-- [start:pool]
def mean_pool_heads(w: Array, n_heads: int, n_kv: int) -> Array:
    """Multi-head W^K or W^V (d, h·d_h) to g heads (d, g·d_h): each is the mean of the h/g it replaces."""
    d, width = w.shape
    grouped = w.reshape(d, n_kv, n_heads // n_kv, width // n_heads)  # (d, g, h/g, d_h)
    pooled: Array = grouped.mean(axis=2)  # (d, g, d_h)
    return pooled.reshape(d, -1)  # (d, g·d_h)


# --8<-- [end:pool]


# --8<-- [start:cache]
@dataclass(frozen=True)
class Model:
    """What the KV cache of a model depends on."""

    name: str
    layers: int
    n_heads: int
    n_kv: int
    head_dim: int
    latent: int = 0
    """Elements per token and layer of a cache that is no list of K and V heads (MLA: d_c + d_rope)."""

    def elements(self) -> int:
        """Elements cached per token in one layer."""
        return self.latent or 2 * self.n_kv * self.head_dim

    def cache_bytes(self, seq: int = 1, batch: int = 1, bytes_each: int = 2) -> int:
        """Bytes of the whole cache: 2·L·n_kv·d_h·s·b times the bytes of an element."""
        return self.layers * self.elements() * seq * batch * bytes_each


LLAMA2_7B = Model("LLaMA-2-7B", layers=32, n_heads=32, n_kv=32, head_dim=128)
LLAMA2_70B = Model("LLaMA-2-70B", layers=80, n_heads=64, n_kv=8, head_dim=128)
LLAMA3_8B = Model("LLaMA-3-8B", layers=32, n_heads=32, n_kv=8, head_dim=128)
DEEPSEEK_V3 = Model("DeepSeek-V3", layers=61, n_heads=128, n_kv=128, head_dim=128, latent=512 + 64)
# --8<-- [end:cache]


def decode_intensity(n_heads: int, n_kv: int, bytes_each: int = 2) -> float:
    """FLOPs per byte of cache in one decoding step: an element read once serves h/g heads, 2 FLOPs each."""
    return 2 * n_heads / n_kv / bytes_each
