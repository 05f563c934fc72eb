r"""Sinusoidal position encoding: pair i is a clock hand that turns by $\theta_i=b^{-2i/d}$ per token.

Source: Vaswani et al., *Attention Is All You Need* (arXiv:1706.03762), section 3.5.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:encode]
def frequencies(d: int, base: float = 10_000.0) -> Array:
    r"""Radians per token of each pair, $\theta_i=b^{-2i/d}$, from high to low frequency: (d/2,)."""
    theta: Array = base ** (-np.arange(0, d, 2) / d)
    return theta


def encode(positions: npt.ArrayLike, d: int, base: float = 10_000.0) -> Array:
    """Encoding of n positions (integers or not): columns 2i and 2i+1 are sin and cos of t·θ_i, (n, d)."""
    angle = np.asarray(positions, dtype=np.float64)[:, None] * frequencies(d, base)  # (n, d/2)
    return np.stack([np.sin(angle), np.cos(angle)], axis=-1).reshape(len(angle), d)  # (n, d)


# --8<-- [end:encode]


# --8<-- [start:shift]
def shift_matrix(delta: float, d: int, base: float = 10_000.0) -> Array:
    r"""The (d, d) matrix with `encode([t + delta]) == encode([t]) @ shift.T` for every t: d/2 rotations."""
    angle = delta * frequencies(d, base)  # (d/2,)
    shift = np.zeros((d, d))
    for i, (c, s) in enumerate(zip(np.cos(angle), np.sin(angle), strict=True)):
        shift[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = [[c, s], [-s, c]]
    return shift


def dot_product(delta: npt.ArrayLike, d: int, base: float = 10_000.0) -> Array:
    r"""$PE_t\cdot PE_{t+\Delta}=\sum_i\cos(\theta_i\Delta)$, whatever t is: Δ (n,) → (n,)."""
    angle = np.asarray(delta, dtype=np.float64)[:, None] * frequencies(d, base)  # (n, d/2)
    total: Array = np.cos(angle).sum(axis=-1)  # (n,)
    return total


# --8<-- [end:shift]
