r"""Incoherent processing for FP8 attention: rotate Q and K by a random orthogonal matrix, then round to e4m3.

Source: Shah et al., *FlashAttention-3* (arXiv:2407.08608), section 3.3; the outlier model is in 4.3.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
E4M3_MAX = 448.0
"""Largest finite number of e4m3: 1.75 · 2^8."""


# --8<-- [start:e4m3]
def round_e4m3(x: Array) -> Array:
    """Nearest e4m3 number (3 mantissa bits, exponents from -6), ties to even, clipped to ±448; any shape."""
    x = np.clip(x, -E4M3_MAX, E4M3_MAX)
    exponent = np.frexp(x)[1] - 1  # floor(log2|x|)
    step = np.exp2(np.maximum(exponent, -6) - 3)  # spacing of the grid around x
    rounded: Array = np.rint(x / step) * step
    return rounded


def quantize(x: Array, block: int | None = None) -> Array:
    """`x` (n, d) through FP8 and back, with one scale for all of it or for each `block` rows."""
    parts = np.split(x, range(block, len(x), block)) if block else [x]
    scales = [np.abs(part).max() / E4M3_MAX for part in parts]  # the largest entry lands on 448
    return np.concatenate([round_e4m3(part / scale) * scale for part, scale in zip(parts, scales, strict=True)])


# --8<-- [end:e4m3]


# --8<-- [start:rotate]
def hadamard(x: Array) -> Array:
    r"""$xH_d$ along the last axis, d = 2^p, in $O(d\log d)$ additions, $H_d$ is never formed; any (…, d)."""
    d, y = x.shape[-1], x
    width = 1
    while width < d:
        y = y.reshape(*x.shape[:-1], -1, 2, width)  # (..., d / 2 width, 2, width)
        y = np.stack([y[..., 0, :] + y[..., 1, :], y[..., 0, :] - y[..., 1, :]], axis=-2)
        width *= 2
    return y.reshape(x.shape)


def rotate(x: Array, signs: Array) -> Array:
    r"""$xM$ with $M=\mathrm{diag}(\text{signs})H_d/\sqrt d$, so $MM^\top=I$; `x` (n, d), `signs` (d,)."""
    return hadamard(x * signs) / sqrt(x.shape[-1])


# --8<-- [end:rotate]


def outlier_matrix(rng: np.random.Generator, n: int, d: int) -> Array:
    """(n, d) entries N(0, 1); one in a thousand gets an additional N(0, 10²), as in the paper's test."""
    return rng.normal(size=(n, d)) + 10 * rng.normal(size=(n, d)) * (rng.random((n, d)) < 0.001)


def rmse(a: Array, b: Array) -> float:
    """Root of the mean squared difference of two arrays of one shape."""
    return float(np.sqrt(np.mean((a - b) ** 2)))
