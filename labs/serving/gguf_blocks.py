r"""GGUF's simple block types, byte for byte: 32 weights, a half-precision scale, sometimes a minimum.

Sources: `ggml-quants.c` of llama.cpp (`quantize_row_q8_0_ref` and its neighbours) for the layouts; float32 arithmetic
throughout, because the bytes must match.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]

BLOCK = 32


def half(x: F32) -> Bytes:
    """(n, 1) float32 → (n, 2) bytes of float16, little-endian."""
    return x.astype("<f2").view(np.uint8)


def inverse(d: F32) -> F32:
    """1/d, and 0 for an empty block."""
    with np.errstate(divide="ignore"):
        return np.where(d == 0, np.float32(0), np.float32(1) / d)


# --8<-- [start:q8]
def q8_0(x: F32) -> Bytes:
    """`x` (n·32,) → (n, 34): scale max|x|/127, then 32 signed bytes. 8.5 bits per weight."""
    b = x.astype(np.float32).reshape(-1, BLOCK)  # (n, 32)
    d = np.abs(b).max(1, keepdims=True) / np.float32(127)  # (n, 1)
    y = b * inverse(d)  # (n, 32)
    q = np.trunc(y + np.copysign(np.float32(0.5), y))  # round half away from zero, as C's roundf
    return np.hstack([half(d), q.astype(np.int8).view(np.uint8)])


# --8<-- [end:q8]


# --8<-- [start:q4]
def nibbles(q: Bytes) -> Bytes:
    """(n, 32) values below 16 → (n, 16): weight i in the low half of byte i, weight i + 16 in the high half."""
    return np.asarray(q[:, :16] | (q[:, 16:] << 4), dtype=np.uint8)


def q4_0(x: F32) -> Bytes:
    """`x` (n·32,) → (n, 18): a signed scale that maps the weight of largest magnitude to −8. 4.5 bits per weight."""
    b = x.astype(np.float32).reshape(-1, BLOCK)  # (n, 32)
    extreme = np.take_along_axis(b, np.abs(b).argmax(1)[:, None], 1)  # (n, 1), with its sign
    d = extreme / np.float32(-8)
    q = np.clip(np.trunc(b * inverse(d) + np.float32(8.5)), 0, 15).astype(np.uint8)  # (n, 32): q − 8 in −8 … 7
    return np.hstack([half(d), nibbles(q)])


def q4_1(x: F32) -> Bytes:
    """`x` (n·32,) → (n, 20): scale and minimum, q in 0 … 15. 5 bits per weight."""
    b = x.astype(np.float32).reshape(-1, BLOCK)  # (n, 32)
    low = b.min(1, keepdims=True)  # (n, 1)
    d = (b.max(1, keepdims=True) - low) / np.float32(15)
    q = np.clip(np.trunc((b - low) * inverse(d) + np.float32(0.5)), 0, 15).astype(np.uint8)
    return np.hstack([half(d), half(low), nibbles(q)])


def read_q4_0(data: Bytes) -> F32:
    """(n, 18) bytes → (n, 32) weights d·(q − 8)."""
    d = np.ascontiguousarray(data[:, :2]).view("<f2").astype(np.float32)  # (n, 1)
    q = np.hstack([data[:, 2:] & 15, data[:, 2:] >> 4]).astype(np.float32)  # (n, 32)
    return np.asarray(d * (q - np.float32(8)), dtype=np.float32)


# --8<-- [end:q4]


# --8<-- [start:bpw]
def bits_per_weight(bits: int, block: int, sub_blocks: int, scale_bits: int, fields: int, halves: int) -> float:
    """`bits` per weight + `sub_blocks` × `fields` small integers of `scale_bits` + `halves` float16, per block."""
    return bits + (sub_blocks * fields * scale_bits + 16 * halves) / block


# --8<-- [end:bpw]
