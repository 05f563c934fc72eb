r"""Keys and values of past tokens are kept; any number of new tokens at a time gives what one full pass gives.

Sources: Shazeer, *Fast Transformer Decoding* (arXiv:1911.02150), section 2.4.1 (incremental generation);
Su et al., *RoFormer* (arXiv:2104.09864), for the rotation that a key gets before it is stored.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.grouped_query import grouped_query
from labs.attention.multi_head import merge_heads, split_heads
from labs.position.rope import angles, rotate_half
from labs.position.sinusoidal import frequencies

Array = npt.NDArray[np.float64]
Weights = dict[str, Array]


def make_layers(rng: np.random.Generator, n: int, d: int, heads: int, n_kv: int) -> list[Weights]:
    """`n` layers of attention (W_Q, W_K, W_V, W_O) and a ReLU feed-forward of width 2d, all near 1/√d."""
    kv = d // heads * n_kv
    shapes = {"q": (d, d), "k": (d, kv), "v": (d, kv), "o": (d, d), "up": (d, 2 * d), "down": (2 * d, d)}
    return [{name: rng.standard_normal(shape) / d**0.5 for name, shape in shapes.items()} for _ in range(n)]


# --8<-- [start:cache]
class Cache:
    """One layer's keys (already rotated) and values of all tokens so far: (g, t, d_h) each."""

    def __init__(self, n_kv: int, head_dim: int) -> None:
        self.k = self.v = np.zeros((n_kv, 0, head_dim))

    def extend(self, k: Array, v: Array) -> tuple[Array, Array]:
        """Append (g, n, d_h) and return everything (g, t + n, d_h). No query is kept: none is asked twice."""
        self.k, self.v = np.concatenate([self.k, k], 1), np.concatenate([self.v, v], 1)
        return self.k, self.v


def forward(x: Array, layers: list[Weights], caches: list[Cache], heads: int, causal: bool = True) -> Array:
    """Outputs (n, d) of `n` new tokens (n, d); n = whole prompt is prefill, n = 1 is a decoding step."""
    for w, cache in zip(layers, caches, strict=True):
        n_kv, past, head_dim = cache.k.shape
        place = angles(np.arange(past, past + len(x)), frequencies(head_dim))  # (n, d_h/2)
        q = rotate_half(split_heads(x @ w["q"], heads), place)  # (h, n, d_h)
        k = rotate_half(split_heads(x @ w["k"], n_kv), place)  # (g, n, d_h)
        k, v = cache.extend(k, split_heads(x @ w["v"], n_kv))  # (g, t, d_h)
        visible = np.tri(len(x), k.shape[1], past, dtype=bool) if causal else None  # (n, t)
        x = x + merge_heads(grouped_query(q, k, v, visible)) @ w["o"]  # (n, d)
        x = x + np.maximum(x @ w["up"], 0) @ w["down"]  # (n, d)
    return x


def in_chunks(
    x: Array, layers: list[Weights], heads: int, n_kv: int, sizes: list[int], causal: bool = True
) -> tuple[Array, list[Cache]]:
    """Feed (s, d) in pieces of the given sizes; outputs (s, d) and the caches that remain."""
    caches = [Cache(n_kv, x.shape[1] // heads) for _ in layers]
    pieces = np.split(x, np.cumsum(sizes)[:-1])
    return np.concatenate([forward(piece, layers, caches, heads, causal) for piece in pieces]), caches


# --8<-- [end:cache]


# --8<-- [start:saving]
def token_passes(prompt: int, new: int) -> tuple[int, int]:
    """Tokens pushed through the model to generate `new` tokens: recomputing everything each time, and cached."""
    return sum(prompt + i for i in range(new)), prompt + new - 1


# --8<-- [end:saving]
