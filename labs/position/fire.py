r"""FIRE: a small network maps a normalised distance to the attention bias; none is ever out of range.

Source: Li et al., *Functional Interpolation for Relative Positions* (arXiv:2310.04418), section 3.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:fire]
def psi(x: npt.ArrayLike, c: float) -> Array:
    """ψ(x) = log(cx + 1): spreads small distances apart and crowds large ones together."""
    squeezed: Array = np.log1p(c * np.asarray(x, dtype=np.float64))
    return squeezed


def normalized_distance(n: int, threshold: float, c: float) -> Array:
    """ψ(i − j) / ψ(max(L, i)) for keys j ≤ i, in [0, 1]: (n, n); entries above the diagonal are 0."""
    i = np.arange(n)
    distance = np.maximum(i[:, None] - i[None, :], 0)  # (n, n)
    return psi(distance, c) / psi(np.maximum(threshold, i), c)[:, None]  # (n, n)


def fire_bias(u: Array, w1: Array, b1: Array, w2: Array, b2: Array) -> Array:
    """f_θ with one ReLU layer: u (n, n), w1 and b1 (k,), w2 (k, H), b2 (H,) → bias (H, n, n)."""
    hidden = np.maximum(u[..., None] * w1 + b1, 0)  # (n, n, k)
    return np.moveaxis(hidden @ w2 + b2, -1, 0)  # (H, n, n)


# --8<-- [end:fire]


def alibi_as_fire(u: Array, slope: float, threshold: float, c: float) -> Array:
    """The f that makes FIRE equal ALiBi as long as i ≤ L: undo ψ, which then has a constant denominator."""
    return -slope * np.expm1(u * psi(threshold, c)) / c
