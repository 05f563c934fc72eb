r"""Rotary position embedding: turn pair i of q and k by position · θ_i; their product sees only the offset.

Source: Su et al., *RoFormer* (arXiv:2104.09864), sections 3.2.2, 3.4.2 and 3.4.3.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.position.sinusoidal import frequencies

Array = npt.NDArray[np.float64]


# --8<-- [start:rotate]
def angles(positions: npt.ArrayLike, theta: Array) -> Array:
    """Position · θ_i: positions (n,), theta (d/2,) → (n, d/2)."""
    return np.asarray(positions, dtype=np.float64)[:, None] * theta


def rotate_interleaved(x: Array, angle: Array) -> Array:
    """Pairs are neighbours (2i, 2i+1), as in the paper and in Meta's LLaMA code: (…, n, d) → (…, n, d)."""
    a, b = x[..., 0::2], x[..., 1::2]  # (..., n, d/2) each
    cos, sin = np.cos(angle), np.sin(angle)  # (n, d/2)
    return np.stack([a * cos - b * sin, a * sin + b * cos], axis=-1).reshape(x.shape)


def rotate_half(x: Array, angle: Array) -> Array:
    """Pairs are (i, i + d/2), as in GPT-NeoX and Hugging Face: (…, n, d) → (…, n, d)."""
    half = x.shape[-1] // 2
    a, b = x[..., :half], x[..., half:]  # (..., n, d/2) each
    cos, sin = np.cos(angle), np.sin(angle)  # (n, d/2)
    return np.concatenate([a * cos - b * sin, a * sin + b * cos], axis=-1)


def half_order(d: int) -> npt.NDArray[np.int64]:
    """Permutation from the interleaved to the half-split layout: all first members, then all second ones."""
    return np.concatenate([np.arange(0, d, 2), np.arange(1, d, 2)])  # (d,)


# --8<-- [end:rotate]


# --8<-- [start:score]
def score(q: Array, k: Array, distance: npt.ArrayLike, theta: Array) -> Array:
    r"""$\langle R_mq,R_nk\rangle$ at each distance m − n: `q`, `k` (d,) interleaved, distance (n,) → (n,)."""
    zq, zk = q[0::2] + 1j * q[1::2], k[0::2] + 1j * k[1::2]  # (d/2,): a pair is a complex number
    turned = zq * zk.conj() * np.exp(1j * angles(distance, theta))  # (n, d/2)
    total: Array = turned.sum(axis=-1).real  # (n,)
    return total


def decay_bound(distance: npt.ArrayLike, d: int, base: float = 10_000.0) -> Array:
    r"""Mean over i of $|S_i|$, $S_i=\sum_{j<i}e^{\mathrm i\Delta\theta_j}$, in the paper's bound: (n,)."""
    partial = np.cumsum(np.exp(1j * angles(distance, frequencies(d, base))), axis=-1)  # (n, d/2)
    mean: Array = np.abs(partial).mean(axis=-1)  # (n,)
    return mean


# --8<-- [end:score]
