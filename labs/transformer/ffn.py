r"""The feed-forward network: ReLU, GELU, SwiGLU, their derivatives, and the parameters of each.

Source: Vaswani et al. (arXiv:1706.03762), section 3.3; Shazeer (arXiv:2002.05202), section 2.
"""

from __future__ import annotations

from math import erf, sqrt

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:activations]
def sigmoid(x: Array) -> Array:
    """1 / (1 + e^-x), without overflow."""
    s: Array = np.exp(-np.logaddexp(0, -x))
    return s


def relu(x: Array) -> Array:
    """max(0, x)."""
    return np.maximum(x, 0)


def gelu(x: Array) -> Array:
    """x Φ(x), Φ the distribution function of the standard normal."""
    phi: Array = np.vectorize(lambda t: (1 + erf(t / sqrt(2))) / 2, otypes=[np.float64])(x)
    return x * phi


def silu(x: Array) -> Array:
    """x σ(x), Swish with β = 1."""
    return x * sigmoid(x)


def slope(f: str, x: Array) -> Array:
    """Derivative of "relu" (0 at 0, a convention), "gelu" or "silu"."""
    if f == "relu":
        return (x > 0).astype(np.float64)
    if f == "silu":
        return sigmoid(x) * (1 + x * (1 - sigmoid(x)))
    density = np.exp(-(x**2) / 2) / sqrt(2 * np.pi)
    return np.where(x == 0, 0.5, gelu(x) / np.where(x == 0, 1, x)) + x * density  # Φ(x) + x φ(x)


# --8<-- [end:activations]


# --8<-- [start:ffn]
def ffn(x: Array, w_1: Array, w_2: Array) -> Array:
    """Two matrices: (n, d) → (n, d_ff) → (n, d)."""
    return relu(x @ w_1) @ w_2


def swiglu(x: Array, w_gate: Array, w_up: Array, w_down: Array) -> Array:
    """Three matrices: the gate multiplies the other projection entry by entry. (n, d) → (n, d)."""
    return (silu(x @ w_gate) * (x @ w_up)) @ w_down


# --8<-- [end:ffn]


# --8<-- [start:width]
def llama_width(d: int, multiple_of: int = 256, multiplier: float | None = None) -> int:
    """d_ff of the LLaMA code: two thirds of 4d, times an optional factor, rounded up to a multiple."""
    width = int(2 * 4 * d / 3)
    width = width if multiplier is None else int(multiplier * width)
    return multiple_of * ((width + multiple_of - 1) // multiple_of)


# --8<-- [end:width]


# --8<-- [start:dead]
def dead_share(bias: float, rng: np.random.Generator, d: int = 64, units: int = 2000, samples: int = 500) -> float:
    """Share of ReLU units (weights N(0, 1/d), a common `bias`) that are zero on every sample, so get no gradient."""
    x = rng.standard_normal((samples, d))  # (samples, d)
    w = rng.standard_normal((d, units)) / sqrt(d)  # (d, units)
    return float((x @ w + bias <= 0).all(axis=0).mean())


# --8<-- [end:dead]
