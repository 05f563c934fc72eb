r"""Block-wise absmax quantisation: a scale for each block, so that an outlier spoils only its own block.

Sources: Dettmers et al., *8-bit Optimizers* (arXiv:2110.02861), section 2.1; *QLoRA* (arXiv:2305.14314), section 3
and the official code for the tail of NF4; DeepSeek-V3 (arXiv:2412.19437), section 3.3, for FP8 tiles.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from labs.numerics.float_formats import E4M3, Format, round_to

Array = npt.NDArray[np.float64]


# --8<-- [start:absmax]
def absmax_int(x: Array, bits: int, block: int) -> tuple[Array, Array]:
    """`x` (n,), n a multiple of `block`: integers (n/block, block) in ±(2^(b−1) − 1) and a scale (n/block,) each."""
    blocks = x.reshape(-1, block)  # (n / block, block)
    absmax = np.abs(blocks).max(1)  # (n / block,): not the maximum, the largest magnitude
    scale = np.where(absmax == 0, 1, absmax) / (2 ** (bits - 1) - 1)  # (n / block,): size of one step
    q = np.rint(blocks / scale[:, None])  # −128 (or −8) stays unused: the grid is symmetric and holds 0
    return q, scale


def restore(q: Array, scale: Array) -> Array:
    """Integers (n/block, block) and scales (n/block,) back to (n,)."""
    return (q * scale[:, None]).reshape(-1)


def rms_error(x: Array, bits: int, block: int) -> float:
    """Root mean square of what quantisation changes in `x` (n,)."""
    return float(np.sqrt(np.mean((restore(*absmax_int(x, bits, block)) - x) ** 2)))


# --8<-- [end:absmax]


# --8<-- [start:fp8]
def fp8_tiles(x: Array, tile: tuple[int, int], f: Format = E4M3) -> Array:
    """`x` (n, d) through FP8 and back, one scale max|x| / f.max for each tile (1 × 128 or 128 × 128)."""
    r, c = tile
    t = x.reshape(x.shape[0] // r, r, x.shape[1] // c, c)  # (n / r, r, d / c, c)
    scale = np.abs(t).max((1, 3), keepdims=True) / f.max  # (n / r, 1, d / c, 1)
    scale = np.where(scale == 0, 1, scale)
    return (round_to(t / scale, f) * scale).reshape(x.shape)


# --8<-- [end:fp8]


# --8<-- [start:nf4]
def normal_float(delta: float = 929 / 960) -> Array:
    """The 16 values of NF4: 8 quantiles above 0, 7 below, and 0, divided by the largest; (16,)."""
    quantile = NormalDist().inv_cdf  # Φ⁻¹, infinite at 1: hence delta, a little below
    positive = [quantile(delta - i / 8 * (delta - 0.5)) for i in range(8)]
    negative = [-quantile(delta - j / 7 * (delta - 0.5)) for j in range(7)]
    return np.sort(np.array([*negative, 0, *positive])) / positive[0]


# --8<-- [end:nf4]


# --8<-- [start:roofline]
def decode_seconds(params: float, bits: float, batch: int, flops: float, bandwidth: float) -> float:
    """Lower bound for one decoding step: read all weights once, 2 FLOPs for each weight and sequence."""
    return max(params * bits / 8 / bandwidth, 2 * params * batch / flops)


def turning_batch(bits: float, flops: float, bandwidth: float) -> float:
    """The batch from which the arithmetic, not reading the weights, limits a decoding step."""
    return bits / 16 * flops / bandwidth


# --8<-- [end:roofline]
