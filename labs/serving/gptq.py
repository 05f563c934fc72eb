r"""GPTQ: quantise one input channel after another and let the rest make up for the error.

Source: Frantar et al., *GPTQ* (arXiv:2210.17323), sections 3 and 4 (fixed order, Cholesky
factor of the inverse Hessian).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def rounder(w: Array, bits: int, group: int) -> Callable[[Array], Array]:
    """RTN's grid of `w` (out, in), fixed beforehand; each call rounds the next column (out,) to it."""
    g = w.reshape(len(w), -1, group)  # (out, in / group, group)
    low = np.minimum(g.min(-1), 0)  # (out, in / group)
    step = (np.maximum(g.max(-1), 0) - low) / (2**bits - 1)
    zero = np.rint(-low / step)
    columns = iter(range(w.shape[1]))

    def quantise(column: Array) -> Array:
        k = next(columns) // group
        q = np.clip(np.rint(column / step[:, k]) + zero[:, k], 0, 2**bits - 1)  # (out,)
        return np.asarray((q - zero[:, k]) * step[:, k])

    return quantise


# --8<-- [start:gptq]
def gptq(x: Array, w: Array, quantise: Callable[[Array], Array], damp: float = 0.01) -> Array:
    """`x` (n, in) calibration inputs, `w` (out, in); `quantise` rounds one column (out,). Returns (out, in)."""
    h = x.T @ x  # (in, in): Hessian of the squared output error, the same for every row
    h += damp * np.mean(np.diag(h)) * np.eye(len(h))
    upper = np.linalg.cholesky(np.linalg.inv(h)).T  # (in, in): row i holds what elimination would leave of H⁻¹
    left, out = w.copy(), np.zeros_like(w)
    for i in range(w.shape[1]):
        out[:, i] = quantise(left[:, i])
        error = (left[:, i] - out[:, i]) / upper[i, i]  # (out,)
        left[:, i + 1 :] -= np.outer(error, upper[i, i + 1 :])  # columns not yet quantised compensate
    return out


# --8<-- [end:gptq]
