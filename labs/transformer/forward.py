r"""A Transformer from token ids to logits: encoder, decoder and decoder-only, with the shape of every tensor.

Source: Vaswani et al., *Attention Is All You Need* (arXiv:1706.03762), section 3. Weights are plain dictionaries;
B sequences of T tokens (S on the source side), width d, h heads of d_h = d / h, vocabulary V.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import Mask, attention
from labs.transformer.layernorm import layer_norm

Array = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]
Weights = dict[str, Array]


def norm(x: Array, w: Weights) -> Array:
    """LayerNorm over the last axis, one mean and one variance per token."""
    return layer_norm(x, w["gamma"], w["beta"])


# --8<-- [start:sublayers]
def multi_head(x: Array, source: Array, w: Weights, heads: int, mask: Mask | None) -> Array:
    """Queries from `x` (B, T, d), keys and values from `source` (B, S, d); self-attention if they are the same."""

    def split(z: Array) -> Array:
        b, t, d = z.shape
        return z.reshape(b, t, heads, d // heads).swapaxes(1, 2)  # (B, h, T, d_h)

    q, k, v = (split(z @ w[f"w_{n}"] + w[f"b_{n}"]) for n, z in (("q", x), ("k", source), ("v", source)))
    o = attention(q, k, v, mask)  # scores (B, h, T, S) inside, result (B, h, T, d_h)
    merged = o.swapaxes(1, 2).reshape(x.shape)  # (B, T, d)
    return merged @ w["w_o"] + w["b_o"]  # (B, T, d)


def ffn(x: Array, w: Weights) -> Array:
    """The same two-layer MLP at every position: (B, T, d) → (B, T, d_ff) → (B, T, d)."""
    return np.maximum(x @ w["w_1"] + w["b_1"], 0) @ w["w_2"] + w["b_2"]


# --8<-- [end:sublayers]


# --8<-- [start:layers]
def encoder_layer(x: Array, w: dict[str, Weights], heads: int, mask: Mask | None = None, pre: bool = False) -> Array:
    """Self-attention and FFN, each with shortcut and norm; Post-LN as in 2017, or Pre-LN. (B, T, d) throughout."""
    if pre:
        y = norm(x, w["norm_1"])
        x = x + multi_head(y, y, w["self"], heads, mask)
        return x + ffn(norm(x, w["norm_2"]), w["ffn"])
    x = norm(x + multi_head(x, x, w["self"], heads, mask), w["norm_1"])
    return norm(x + ffn(x, w["ffn"]), w["norm_2"])


def decoder_layer(x: Array, memory: Array, w: dict[str, Weights], heads: int) -> Array:
    """Causal self-attention, cross-attention over `memory` (B, S, d), FFN: three norms. (B, T, d) → (B, T, d)."""
    causal = np.tri(x.shape[1], dtype=bool)  # (T, T)
    x = norm(x + multi_head(x, x, w["self"], heads, causal), w["norm_1"])
    x = norm(x + multi_head(x, memory, w["cross"], heads, None), w["norm_2"])
    return norm(x + ffn(x, w["ffn"]), w["norm_3"])


# --8<-- [end:layers]


# --8<-- [start:models]
def embed(ids: Ids, table: Array, positions: Array) -> Array:
    """√d times the embedding, plus the position: ids (B, T), `table` (V, d), `positions` (≥T, d) → (B, T, d)."""
    return table[ids] * sqrt(table.shape[1]) + positions[: ids.shape[1]]


def encoder_decoder(
    source: Ids,
    target: Ids,
    table: Array,
    positions: Array,
    encoder: list[dict[str, Weights]],
    decoder: list[dict[str, Weights]],
    heads: int,
) -> Array:
    """Logits (B, T, V) for source ids (B, S) and target ids (B, T): the length of the output is the target's."""
    memory = embed(source, table, positions)  # (B, S, d)
    for w in encoder:
        memory = encoder_layer(memory, w, heads)  # (B, S, d)
    x = embed(target, table, positions)  # (B, T, d)
    for w in decoder:
        x = decoder_layer(x, memory, w, heads)  # (B, T, d)
    return x @ table.T  # (B, T, V), output projection tied to the embedding


def decoder_only(
    ids: Ids, table: Array, positions: Array, layers: list[dict[str, Weights]], final: Weights, heads: int
) -> Array:
    """Logits (B, T, V) of a Pre-LN decoder: encoder layers under a causal mask, and one last norm."""
    x, causal = embed(ids, table, positions), np.tri(ids.shape[1], dtype=bool)  # (B, T, d), (T, T)
    for w in layers:
        x = encoder_layer(x, w, heads, causal, pre=True)  # (B, T, d)
    return norm(x, final) @ table.T  # (B, T, V)


# --8<-- [end:models]
