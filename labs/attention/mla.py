r"""Multi-head latent attention: cache one latent per token, and never expand it while decoding.

Source: DeepSeek-AI, *DeepSeek-V2* (arXiv:2405.04434), section 2.1 and appendix C.
Vectors are rows here, so $q = W c$ of the paper reads `c @ w`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import Mask, attention

Array = npt.NDArray[np.float64]


def rope(x: Array, positions: npt.NDArray[np.int64]) -> Array:
    """Rotate the pair of dimensions (i, i + d/2) by position · 10000^(−2i/d): (…, n, d) → (…, n, d)."""
    half = x.shape[-1] // 2
    angle = positions[:, None] * 10000.0 ** (-np.arange(half) / half)  # (n, d/2)
    a, b = x[..., :half], x[..., half:]  # (..., n, d/2) each
    cos, sin = np.cos(angle), np.sin(angle)
    return np.concatenate([a * cos - b * sin, a * sin + b * cos], axis=-1)  # (..., n, d)


# --8<-- [start:weights]
@dataclass(frozen=True)
class Weights:
    """d: model width, d_q: query latent, d_c: cached latent, h heads of d_h, d_r: RoPE dimensions."""

    dq: Array  # (d, d_q)
    uq: Array  # (h, d_q, d_h)
    qr: Array  # (h, d_q, d_r)
    dkv: Array  # (d, d_c)
    uk: Array  # (h, d_c, d_h)
    uv: Array  # (h, d_c, d_h)
    kr: Array  # (d, d_r): one RoPE key for all heads
    o: Array  # (h, d_h, d)

    @property
    def scale(self) -> float:
        """1/√(d_h + d_r), of the dot product as it is defined: absorbing must not change it."""
        return 1 / sqrt(self.uq.shape[-1] + self.qr.shape[-1])


def make_weights(d: int, d_q: int, d_c: int, h: int, d_h: int, d_r: int, seed: int = 0) -> Weights:
    """Random weights that keep the variance of what passes through them."""
    rng = np.random.default_rng(seed)
    shapes = [(d, d_q), (h, d_q, d_h), (h, d_q, d_r), (d, d_c), (h, d_c, d_h), (h, d_c, d_h), (d, d_r)]
    parts: list[Array] = [rng.standard_normal(s) / sqrt(s[-2]) for s in shapes]
    parts.append(rng.standard_normal((h, d_h, d)) / sqrt(h * d_h))
    return Weights(*parts)


# --8<-- [end:weights]


# --8<-- [start:cache]
def cache(w: Weights, x: Array) -> tuple[Array, Array]:
    """All that is kept of the tokens `x` (m, d): latents (m, d_c) and rotated RoPE keys (m, d_r)."""
    return x @ w.dkv, rope(x @ w.kr, np.arange(len(x)))


def queries(w: Weights, x: Array, start: int) -> tuple[Array, Array]:
    """Content queries (h, n, d_h) and rotated RoPE queries (h, n, d_r) of `x` (n, d) at positions start, …"""
    c = x @ w.dq  # (n, d_q)
    return c @ w.uq, rope(c @ w.qr, start + np.arange(len(x)))


# --8<-- [end:cache]


# --8<-- [start:expanded]
def expanded(w: Weights, x: Array, c: Array, k_r: Array, start: int = 0, mask: Mask | None = None) -> Array:
    """As defined: up-project a key and a value of each head for every cached token, then attend. → (n, d)"""
    q_c, q_r = queries(w, x, start)  # (h, n, d_h), (h, n, d_r)
    k_c, v = c @ w.uk, c @ w.uv  # (h, m, d_h) each: h·d_h numbers per token are back
    k = np.concatenate([k_c, np.broadcast_to(k_r, (len(k_c), *k_r.shape))], axis=-1)  # (h, m, d_h + d_r)
    out = attention(np.concatenate([q_c, q_r], axis=-1), k, v, mask, w.scale)  # (h, n, d_h)
    y: Array = (out @ w.o).sum(axis=0)  # (n, d)
    return y


# --8<-- [end:expanded]


# --8<-- [start:absorbed]
def absorbed(w: Weights, x: Array, c: Array, k_r: Array, start: int = 0, mask: Mask | None = None) -> Array:
    """The same function on the cache itself: all heads read one key [c; k_r] and one value c. → (n, d)"""
    q_c, q_r = queries(w, x, start)  # (h, n, d_h), (h, n, d_r)
    q_lat = q_c @ w.uk.swapaxes(1, 2)  # (h, n, d_c): W^UK moved to the query's side
    k = np.concatenate([c, k_r], axis=-1)  # (m, d_c + d_r), no head axis
    z = attention(np.concatenate([q_lat, q_r], axis=-1), k, c, mask, w.scale)  # (h, n, d_c)
    y: Array = (z @ w.uv @ w.o).sum(axis=0)  # W^UV waits until after the weighted sum: (n, d)
    return y


# --8<-- [end:absorbed]


# --8<-- [start:rotated]
def rotated_bilinear(w: Weights, head: int, distance: int) -> Array:
    r"""$W^{UQ} R_\Delta W^{UK\top}$ (d_q, d_c): what absorbing needs if the up-projected key is rotated."""
    turned = rope(w.uk[head], np.full(w.uk.shape[1], distance, dtype=np.int64))  # (d_c, d_h), rows turned
    bilinear: Array = w.uq[head] @ turned.T  # (d_q, d_c): another matrix for every distance
    return bilinear


# --8<-- [end:rotated]


# --8<-- [start:cost]
def flops(n: int, m: int, h: int, d_h: int, d_c: int, d_r: int, *, absorb: bool) -> int:
    """FLOPs of n new queries over m cached tokens in one layer, from cached latents to head outputs."""
    up = 2 * 2 * h * d_c * d_h  # W^UK and W^UV of every head, applied to one token
    if absorb:
        return n * up + n * m * h * 2 * (d_c + d_r + d_c)  # scores on d_c + d_r, sum over d_c
    return m * up + n * m * h * 2 * (d_h + d_r + d_h)  # scores on d_h + d_r, sum over d_h


# --8<-- [end:cost]


def parameters(d: int, d_q: int, d_c: int, h: int, d_h: int, d_r: int) -> dict[str, int]:
    """Weights of the layer, and of the two products that absorbing could store, merged and apart."""
    return {
        "layer": d * (d_q + d_c + d_r) + h * (d_q * (d_h + d_r) + 2 * d_c * d_h + d_h * d),
        "UQ, UK apart": h * (d_q + d_c) * d_h,
        "UQ·UK merged": h * d_q * d_c,
        "UV, O apart": h * (d_c + d) * d_h,
        "UV·O merged": h * d_c * d,
    }
