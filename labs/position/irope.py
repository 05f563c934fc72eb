r"""iRoPE: most layers use RoPE inside chunks; every fourth layer sees all and has no position encoding.

Sources: Meta AI, *The Llama 4 herd* (2025), and the `Llama4TextConfig` of Hugging Face Transformers
(`no_rope_layer_interval`, `attention_chunk_size`, `floor_scale`, `attn_scale`).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


# --8<-- [start:irope]
def uses_rope(layers: int, interval: int = 4) -> Mask:
    """True for RoPE layers, (layers,): layer `interval`, 2·`interval`, … (counted from 1) are NoPE."""
    rope: Mask = (np.arange(layers) + 1) % interval != 0
    return rope


def chunk_mask(n: int, chunk: int) -> Mask:
    """Causal attention inside blocks of `chunk` tokens: (n, n), and nothing crosses a border."""
    block = np.arange(n) // chunk  # (n,)
    mask: Mask = np.tri(n, dtype=np.bool_) & (block[:, None] == block[None, :])  # (n, n)
    return mask


def query_scale(position: npt.ArrayLike, floor_scale: int = 8192, scale: float = 0.1) -> Array:
    """Factor on the queries of NoPE layers, 1 + 0.1·ln(⌊(m + 1)/8192⌋ + 1): position (n,) → (n,)."""
    steps = np.floor((np.asarray(position, dtype=np.float64) + 1) / floor_scale)  # (n,)
    factor: Array = 1 + scale * np.log(steps + 1)  # (n,)
    return factor


# --8<-- [end:irope]


def cached_tokens(length: int, layers: int = 48, interval: int = 4, chunk: int = 8192) -> int:
    """Keys that all layers together must keep at `length` tokens: a RoPE layer needs at most its chunk."""
    rope = int(uses_rope(layers, interval).sum())
    return rope * min(length, chunk) + (layers - rope) * length
