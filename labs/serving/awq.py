r"""Weight-only quantisation: rounding to nearest, and AWQ's rescaling of the input channels that matter.

Sources: Lin et al., *AWQ* (arXiv:2306.00978), section 3, and `auto_scale.py` of the official code for the grid and
for normalising the scales; Xiao et al., *SmoothQuant* (arXiv:2211.10438), section 4, for the last part.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:rtn]
def rtn(w: Array, bits: int, group: int) -> Array:
    """`w` (out, in) rounded to nearest and back: per row, every `group` inputs share a step and a zero point."""
    g = w.reshape(len(w), -1, group)  # (out, in / group, group)
    low = np.minimum(g.min(-1, keepdims=True), 0)  # (out, in / group, 1): 0 stays on the grid
    high = np.maximum(g.max(-1, keepdims=True), 0)
    step = np.maximum(high - low, 1e-12) / (2**bits - 1)
    zero = np.rint(-low / step)
    q = np.clip(np.rint(g / step) + zero, 0, 2**bits - 1)  # (out, in / group, group): integers
    return np.asarray((q - zero) * step).reshape(w.shape)


def output_error(x: Array, w: Array, w_hat: Array) -> float:
    """Relative error of the layer's output: `x` (n, in), weights (out, in)."""
    return float(np.linalg.norm(x @ (w_hat - w).T) / np.linalg.norm(x @ w.T))


# --8<-- [end:rtn]


# --8<-- [start:awq]
def scaled(w: Array, s: Array, bits: int, group: int) -> Array:
    """Q(W·diag(s))·diag(s)⁻¹: the weights (out, in) that the activations see; s (in,) > 0."""
    return rtn(w * s, bits, group) / s


def awq_scale(x: Array, ratio: float) -> Array:
    """s = (mean |x|)^ratio per input channel, (in,), then centred so that the largest times the smallest is 1."""
    s = np.maximum(np.abs(x).mean(0) ** ratio, 1e-4)  # (in,)
    return np.asarray(s / np.sqrt(s.max() * s.min()))


def awq(x: Array, w: Array, bits: int, group: int, grid: int = 20) -> tuple[Array, float]:
    """Best weights on a grid of exponents 0, 1/20, …, 19/20, and the exponent: forward passes only."""
    ratios = [i / grid for i in range(grid)]
    found = [scaled(w, awq_scale(x, r), bits, group) for r in ratios]
    best = min(range(grid), key=lambda i: output_error(x, w, found[i]))
    return found[best], ratios[best]


# --8<-- [end:awq]


# --8<-- [start:mixed]
def keep_columns(w: Array, importance: Array, share: float, bits: int, group: int) -> Array:
    """Quantise all but the `share` most important input channels (in,), which stay as they are."""
    keep = np.argsort(-importance)[: max(1, round(share * w.shape[1]))]
    out = rtn(w, bits, group)  # (out, in)
    out[:, keep] = w[:, keep]
    return out


# --8<-- [end:mixed]


# --8<-- [start:smooth]
def smooth_scale(x: Array, w: Array, alpha: float = 0.5) -> Array:
    """SmoothQuant's s (in,) = max|x|^α / max|w|^(1−α): activations are divided by it, weights multiplied."""
    return np.asarray(np.abs(x).max(0) ** alpha / np.abs(w).max(0) ** (1 - alpha))


def int8(a: Array, axis: int | None = None) -> Array:
    """Symmetric int8 and back, one step for the whole tensor (or along `axis`)."""
    step = np.abs(a).max(axis, keepdims=True) / 127
    return np.asarray(np.rint(a / step) * step)


# --8<-- [end:smooth]


# --8<-- [start:data]
def outlier_inputs(n: int, d: int, rng: np.random.Generator, every: int = 64, gain: float = 20) -> Array:
    """Independent Gaussian inputs (n, d), every 64th channel `gain` times as large: what AWQ is made for."""
    magnitude = np.ones(d)
    magnitude[every // 2 :: every] = gain
    return rng.standard_normal((n, d)) * magnitude


def correlated_inputs(n: int, d: int, rng: np.random.Generator, rank: int = 32) -> Array:
    """Inputs (n, d) close to a fixed `rank`-dimensional subspace, no outliers: what GPTQ is made for."""
    basis = np.random.default_rng(99).standard_normal((rank, d)) / np.sqrt(rank)  # the same for every call
    return np.asarray(rng.standard_normal((n, rank)) @ basis + 0.1 * rng.standard_normal((n, d)))


# --8<-- [end:data]
