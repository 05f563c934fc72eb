r"""Number formats to the bit: decode a code, encode a value to the nearest number (ties to even).

Sources: IEEE 754-2019; Kalamkar et al. (arXiv:1905.12322) for BF16; Micikevicius et al. (arXiv:2209.05433),
table 1, for FP8; NVIDIA A100 whitepaper for TF32; OCP Microscaling Formats 1.0 for E2M1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]


# --8<-- [start:format]
@dataclass(frozen=True)
class Format:
    """One sign bit, `e` exponent bits, `k` mantissa bits; `ieee`: the highest exponent is kept for ∞ and NaN.

    Without `ieee` there is no ∞, and with `nan` only the code of all ones is no number.
    """

    name: str
    e: int
    k: int
    ieee: bool = True
    nan: bool = True

    @property
    def bits(self) -> int:
        """Width of a code."""
        return 1 + self.e + self.k

    @property
    def bias(self) -> int:
        """What is added to an exponent before it is stored."""
        return (1 << self.e - 1) - 1

    @property
    def beyond(self) -> int:
        """The first positive code that is no finite number: ∞, E4M3's only NaN (all ones), or in E2M1 past the end."""
        return (1 << self.e) - 1 << self.k if self.ieee else (1 << self.e + self.k) - self.nan

    @property
    def top(self) -> int:
        """The code of what is too large: ∞, E4M3's NaN, or E2M1's largest number."""
        return min(self.beyond, (1 << self.e + self.k) - 1)

    @property
    def max(self) -> float:
        """Largest finite number."""
        return float(decode(np.array(self.beyond - 1), self))

    @property
    def min_normal(self) -> float:
        """Smallest positive number with the full k mantissa bits."""
        return 2.0 ** (1 - self.bias)

    @property
    def min_subnormal(self) -> float:
        """Smallest positive number."""
        return 2.0 ** (1 - self.bias - self.k)

    @property
    def eps(self) -> float:
        """Distance from 1 to the next number."""
        return 2.0**-self.k


FP32, TF32 = Format("FP32", 8, 23), Format("TF32", 8, 10)
BF16, FP16 = Format("BF16", 8, 7), Format("FP16", 5, 10)
E5M2, E4M3 = Format("FP8 E5M2", 5, 2), Format("FP8 E4M3", 4, 3, ieee=False)
FORMATS = (FP32, TF32, BF16, FP16, E5M2, E4M3)
E2M1 = Format("FP4 E2M1", 2, 1, ieee=False, nan=False)
# --8<-- [end:format]


# --8<-- [start:codec]
def decode(codes: Codes, f: Format) -> Array:
    """The numbers that `codes` (any shape) stand for."""
    magnitude = codes & (2 ** (f.bits - 1) - 1)
    exponent, mantissa = magnitude >> f.k, magnitude & (2**f.k - 1)
    leading = np.where(exponent > 0, 2**f.k, 0)  # the hidden 1; subnormals (exponent 0) have none
    value = np.ldexp((leading + mantissa).astype(float), np.maximum(exponent, 1) - f.bias - f.k)
    value = np.where(magnitude < f.beyond, value, np.nan)
    if f.ieee:
        value = np.where(magnitude == f.beyond, np.inf, value)
    return np.where(codes >> (f.bits - 1) > 0, -value, value)


def encode(x: Array, f: Format) -> Codes:
    """Codes of the numbers of `f` nearest to `x` (any shape), ties to the even mantissa."""
    a = np.minimum(np.abs(x), 2.0 ** (2**f.e - f.bias))  # far beyond the largest is as good as ∞
    finite = np.where(np.isnan(a), 0, a)
    exponent = np.frexp(np.maximum(finite, f.min_normal))[1] - 1  # floor(log2|x|), not below the subnormals'
    units = np.rint(np.ldexp(finite, f.k - exponent)).astype(np.int64)  # in steps of 2^(exponent − k)
    # `units` still holds the hidden 1, which is why 1 is taken off; a carry from rounding moves into the exponent.
    magnitude = np.minimum(((exponent + f.bias - 1).astype(np.int64) << f.k) + units, f.top)
    magnitude = np.where(np.isnan(a), 2 ** (f.bits - 1) - 1, magnitude)
    codes: Codes = magnitude | (np.signbit(x).astype(np.int64) << (f.bits - 1))
    return codes


def round_to(x: Array, f: Format) -> Array:
    """`x` (any shape) as `f` keeps it."""
    return decode(encode(np.asarray(x, float), f), f)


# --8<-- [end:codec]


# --8<-- [start:neighbours]
def neighbours(codes: Codes, f: Format) -> tuple[Array, Array]:
    """The next number of `f` below and above each of `codes` (any shape): past the last one what `top` stands for."""
    half = 2 ** (f.bits - 1)
    magnitude = codes & (half - 1)
    line = np.where(codes < half, magnitude, -magnitude)  # codes in the order of their numbers, 0 for both zeros

    def at(place: Codes) -> Array:
        place = np.clip(place, -f.top, f.top)
        return np.where(np.isnan(decode(codes, f)), np.nan, decode(np.where(place < 0, half - place, place), f))

    return at(line - 1), at(line + 1)


# --8<-- [end:neighbours]


def kind(code: int, f: Format) -> str:
    """What a code is: zero, subnormal, normal, infinite or nan."""
    magnitude = code & (2 ** (f.bits - 1) - 1)
    if magnitude >= f.beyond:
        return "infinite" if f.ieee and magnitude == f.beyond else "nan"
    return "normal" if magnitude >> f.k else "subnormal" if magnitude else "zero"


def exact_integers(f: Format) -> int:
    """The largest N such that every integer 0 … N is a number of `f`."""
    return min(1 << f.k + 1, int(f.max))


# --8<-- [start:integer]
def encode_int(x: Array, bits: int) -> Codes:
    """Two's complement codes of the nearest integers to `x` (any shape), clipped to −2^(b−1) … 2^(b−1)−1."""
    half = 1 << bits - 1
    codes: Codes = np.clip(np.rint(x), -half, half - 1).astype(np.int64) & (2 * half - 1)
    return codes


def decode_int(codes: Codes, bits: int) -> Array:
    """The integers that two's complement `codes` (any shape) stand for."""
    return (codes - ((codes >> (bits - 1)) << bits)).astype(float)


# --8<-- [end:integer]
