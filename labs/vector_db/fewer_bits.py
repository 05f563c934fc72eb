r"""Fewer bits a number: float16, int8 with one scale a dimension, and a single sign bit.

Source: Douze et al., *The Faiss library* (arXiv:2401.08281), section 4 (scalar quantisation and binary codes).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.vector_db.evaluate import Array, Ints

Codes = npt.NDArray[np.uint8]


# --8<-- [start:int8]
def to_int8(x: Array) -> tuple[Codes, Array, Array]:
    """Rows `x` (n, d) as bytes (n, d), with the lowest value (d,) and the step (d,) of each dimension."""
    low, high = x.min(axis=0), x.max(axis=0)  # (d,), (d,)
    step = (high - low) / 255  # (d,)
    return np.round((x - low) / step).astype(np.uint8), low, step


def from_int8(codes: Codes, low: Array, step: Array) -> Array:
    """The vectors that the bytes stand for: (n, d); off by at most half a step."""
    return low + codes * step


# --8<-- [end:int8]


# --8<-- [start:binary]
def to_bits(x: Array) -> Codes:
    """Signs of `x` (n, d), eight to a byte: (n, d/8)."""
    return np.packbits(x > 0, axis=-1)


def hamming(codes: Codes, query: Codes) -> Ints:
    """Bits in which each row of `codes` (n, b) differs from `query` (b,): (n,)."""
    return np.asarray(np.bitwise_count(codes ^ query).sum(axis=1), dtype=np.int64)


# --8<-- [end:binary]
