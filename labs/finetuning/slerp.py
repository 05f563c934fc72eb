r"""Merging checkpoints: on the straight line, or on the arc between two parameter vectors.

Source: Shoemake (1985), the formula; Zhang et al., *Qwen3 Embedding* (arXiv:2506.05176), checkpoints merged by slerp.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:slerp]
def angle(a: Array, b: Array) -> float:
    """Angle between `a` and `b` (n,), in radians; stable for nearly parallel vectors, unlike arccos."""
    u, v = a / np.linalg.norm(a), b / np.linalg.norm(b)  # (n,)
    return float(2 * np.arctan2(np.linalg.norm(u - v), np.linalg.norm(u + v)))


def slerp(a: Array, b: Array, t: float) -> Array:
    """From `a` (t = 0) to `b` (t = 1) at constant angular speed, both (n,) → (n,)."""
    omega = angle(a, b)
    if np.sin(omega) < 1e-8:
        if omega > 1:
            raise ValueError("opposite vectors: no arc is the shortest")
        return (1 - t) * a + t * b  # the limit for a vanishing angle
    out: Array = (np.sin((1 - t) * omega) * a + np.sin(t * omega) * b) / np.sin(omega)
    return out


# --8<-- [end:slerp]


# --8<-- [start:shrink]
def norm_left(omega: float) -> float:
    """Norm of the straight midpoint of two unit vectors at angle `omega`: cos(omega / 2). Slerp keeps 1."""
    return float(np.cos(omega / 2))


def checkpoint_angle(moved: float, cosine: float = 0.0) -> float:
    """Angle of two fine-tunes of one base: each moved by `moved` times the base's norm, at right angles to it.

    `cosine` is between the two updates.
    """
    inner, norm2 = 1 + moved**2 * cosine, 1 + moved**2
    return float(np.arccos(inner / norm2))


# --8<-- [end:shrink]
