r"""Q4_K: a super-block of 256 weights whose eight scales and minima are themselves 6-bit integers.

Sources: `block_q4_K` in `ggml-common.h` for the layout; llama.cpp pull request 1684 for the idea and the mixtures,
`llama_tensor_get_type` for which layers get more bits. The scales here are plain min/max, llama.cpp searches better.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]


# --8<-- [start:encode]
def two_level(values: F32) -> tuple[F32, Bytes]:
    """(n, 8) non-negative floats → a float16 step (n, 1) and integers 0 … 63: (n, 8)."""
    step = (values.max(1, keepdims=True) / np.float32(63)).astype(np.float16).astype(np.float32)  # (n, 1)
    safe = np.where(step == 0, np.float32(1), step)
    return step, np.clip(np.rint(values / safe), 0, 63).astype(np.uint8)


def q4_k(x: F32) -> Bytes:
    """`x` (n·256,) → (n, 144) bytes: d, dmin (float16), 12 bytes of scales and minima, 128 bytes of nibbles."""
    b = x.astype(np.float32).reshape(-1, 8, 32)  # (n, 8, 32)
    low = np.minimum(b.min(-1), 0)  # (n, 8): minima are stored as m ≥ 0 and subtracted
    d, scale = two_level((b.max(-1) - low) / np.float32(15))
    dmin, minimum = two_level(-low)
    step, offset = (d * scale)[..., None], (dmin * minimum)[..., None]  # (n, 8, 1): what the reader will use
    q = np.clip(np.rint((b + offset) / np.where(step == 0, np.float32(1), step)), 0, 15).astype(np.uint8)
    pairs = q.reshape(-1, 4, 2, 32)  # sub-blocks 2j and 2j + 1 share 32 bytes
    body = (pairs[:, :, 0] | (pairs[:, :, 1] << 4)).reshape(len(b), 128)  # (n, 128)
    halves = np.hstack([d, dmin]).astype("<f2").view(np.uint8)  # (n, 4)
    return np.hstack([halves, pack6(scale, minimum), body])


def pack6(scale: Bytes, minimum: Bytes) -> Bytes:
    """Sixteen 6-bit numbers, (n, 8) and (n, 8), in 12 bytes: the last four of each lend their top two bits."""
    s, m = scale, minimum
    return np.hstack(
        [
            (s[:, :4] & 63) | ((s[:, 4:] >> 4) << 6),
            (m[:, :4] & 63) | ((m[:, 4:] >> 4) << 6),
            (s[:, 4:] & 15) | ((m[:, 4:] & 15) << 4),
        ]
    )


# --8<-- [end:encode]


# --8<-- [start:flat]
def flat_q4(x: F32, block: int = 32) -> F32:
    """The same 4-bit minimum/scale grid with float16 scales per block and no second level; (n,) → (n,)."""
    b = x.astype(np.float32).reshape(-1, block)  # (n, block)
    low = b.min(1, keepdims=True).astype(np.float16).astype(np.float32)
    step = ((b.max(1, keepdims=True) - low) / np.float32(15)).astype(np.float16).astype(np.float32)
    q = np.clip(np.rint((b - low) / np.where(step == 0, np.float32(1), step)), 0, 15)
    return np.asarray((low + q * step).reshape(-1), dtype=np.float32)


# --8<-- [end:flat]


# --8<-- [start:mixture]
BPW = {"Q2_K": 2.625, "Q3_K": 3.4375, "Q4_K": 4.5, "Q5_K": 5.5, "Q6_K": 6.5625, "Q8_0": 8.5, "F16": 16.0}


def more_bits(layer: int, layers: int) -> bool:
    """llama.cpp's rule for M mixtures: the first and last eighth, and every third layer between."""
    eighth = layers // 8
    return layer < eighth or layer >= 7 * layers // 8 or (layer - eighth) % 3 == 2


def q4_k_m(layers: int, d: int, d_ff: int, kv: int, vocab: int) -> tuple[float, float]:
    """Mean bits per weight and bytes of a LLaMA-shaped model as Q4_K_M: attn_v, ffn_down and the output get Q6_K."""
    bits = vocab * d * (BPW["Q4_K"] + BPW["Q6_K"])  # embedding and output matrix
    weights = 2 * vocab * d
    for layer in range(layers):
        better = BPW["Q6_K"] if more_bits(layer, layers) else BPW["Q4_K"]
        special, plain = d * kv + d_ff * d, 2 * d * d + d * kv + 2 * d_ff * d  # v, down | q, o, k, gate, up
        bits += special * better + plain * BPW["Q4_K"]
        weights += special + plain
    return bits / weights, bits / 8


# --8<-- [end:mixture]
