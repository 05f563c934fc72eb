r"""QLoRA: a base weight in 4-bit NormalFloat, dequantised where it is used, and a LoRA branch in full precision.

Source: Dettmers et al., *QLoRA* (arXiv:2305.14314), section 3 and appendix E (the 16 values).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from labs.finetuning import lora

Array = npt.NDArray[np.float64]
Codes = npt.NDArray[np.uint8]

# --8<-- [start:nf4]
NF4: Array = np.array(
    [
        *(-1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453),
        *(-0.28444138169288635, -0.18477343022823334, -0.09105003625154495, 0.0),
        *(0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224),
        *(0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0),
    ]
)  # (16,)


def quantize(w: Array, block: int = 64, table: Array = NF4) -> tuple[Codes, Array]:
    """`w` (any shape, its size a multiple of `block`): codes (blocks, block) and the largest |w| of each (blocks,)."""
    blocks = w.reshape(-1, block)  # (blocks, block)
    absmax = np.abs(blocks).max(1)  # (blocks,)
    scaled = blocks / np.where(absmax == 0, 1, absmax)[:, None]  # in [−1, 1]
    middles = (table[1:] + table[:-1]) / 2  # (15,): between two values, the nearer one wins
    return np.searchsorted(middles, scaled).astype(np.uint8), absmax


def dequantize(codes: Codes, absmax: Array, shape: tuple[int, ...], table: Array = NF4) -> Array:
    """Look up, multiply by the block's constant, and give the tensor its shape back."""
    return (table[codes] * absmax[:, None]).reshape(shape)


# --8<-- [end:nf4]


# --8<-- [start:double]
class Constants(NamedTuple):
    """Block constants after the second quantisation: int8 codes, a float32 scale for 256 of them, one mean."""

    codes: npt.NDArray[np.int8]
    scales: Array
    mean: float


def quantize_constants(absmax: Array, block: int = 256) -> Constants:
    """`absmax` (blocks,) are all positive: subtract the mean, then 8 bits for groups of `block`.

    Evenly spaced levels here; the paper uses an 8-bit float. The number of bits is the same.
    """
    mean = float(absmax.mean())
    groups = np.pad(absmax - mean, (0, -len(absmax) % block)).reshape(-1, block)  # (groups, block)
    scales = np.abs(groups).max(1) / 127  # (groups,)
    codes = np.round(groups / np.where(scales == 0, 1, scales)[:, None]).astype(np.int8)
    return Constants(codes, scales, mean)


def dequantize_constants(c: Constants, count: int) -> Array:
    """The constants (count,) again, nearly."""
    values: Array = (c.codes * c.scales[:, None]).reshape(-1)[:count] + c.mean
    return values


def bits(block: int = 64, double: bool = True, group: int = 256) -> float:
    """Bits a parameter: 4, and the constants, in float32 or in 8 bits plus a float32 for each group of them."""
    return 4 + (8 / block + 32 / (block * group) if double else 32 / block)


# --8<-- [end:double]


# --8<-- [start:forward]
def forward(x: Array, codes: Codes, c: Constants, shape: tuple[int, int], a: Array, b: Array, s: float) -> Array:
    """`x` (n, k): dequantise the constants, then the weight (d, k), multiply, and add the branch s·BA."""
    w = dequantize(codes, dequantize_constants(c, len(codes)), shape)  # (d, k), gone after use
    return lora.forward(x, w, a, b, s)  # (n, d)


# --8<-- [end:forward]


# --8<-- [start:memory]
def base_bytes(linear: int, other: int, bits_each: float) -> float:
    """The frozen model: its linear layers at `bits_each`, embedding, output head and norms in 16 bit."""
    return linear * bits_each / 8 + other * 2


# --8<-- [end:memory]
