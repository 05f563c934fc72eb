r"""Why unseen distances break RoPE: a score that behaves on [0, L) says nothing about itself beyond L.

With RoPE a head's score is $a(\Delta)=\mathrm{Re}\sum_jh_je^{\mathrm i\Delta\theta_j}$, with $h_j$ made of q and k.
Fit the $h_j$ to harmless values at trained distances, then look elsewhere.
Source: Chen et al. (arXiv:2306.15595), section 2.2 and figure 2.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.position.rope import angles
from labs.position.sinusoidal import frequencies

Array = npt.NDArray[np.float64]


# --8<-- [start:fit]
def basis(distance: npt.ArrayLike, d: int, base: float = 10_000.0) -> Array:
    """cos and sin of Δ·θ_j: distance (n,) → (n, d); a score is a combination of these columns."""
    angle = angles(distance, frequencies(d, base))  # (n, d/2)
    return np.concatenate([np.cos(angle), np.sin(angle)], axis=-1)  # (n, d)


def fit_score(distance: npt.ArrayLike, target: Array, d: int, ridge: float) -> Array:
    """Coefficients (d,) of a score that takes the values `target` (n,) at the trained distances."""
    a = basis(distance, d)  # (n, d)
    return np.asarray(np.linalg.solve(a.T @ a + ridge * np.eye(d), a.T @ target), dtype=np.float64)  # (d,)


# --8<-- [end:fit]
