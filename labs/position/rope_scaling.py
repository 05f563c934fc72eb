r"""Five ways to run RoPE on s = L'/L times the training length: new frequencies θ'_i in place of θ_i.

Sources: Chen et al. (arXiv:2306.15595), section 2.3; Peng et al., *YaRN* (arXiv:2309.00071), definitions
1 to 3 and section 3.3; `find_correction_range` and `linear_ramp_mask` of https://github.com/jquesnelle/yarn.
"""

from __future__ import annotations

from math import ceil, floor, log, pi

import numpy as np
import numpy.typing as npt

from labs.position.sinusoidal import frequencies

Array = npt.NDArray[np.float64]


# --8<-- [start:scaling]
def position_interpolation(theta: Array, s: float) -> Array:
    """PI: position m becomes m/s, which is the same as every frequency divided by s. (d/2,) → (d/2,)"""
    return theta / s


def ntk_base(d: int, base: float, s: float) -> float:
    """NTK-aware: the base for which pair 0 stays as it is and the last pair slows down exactly s times."""
    return float(base * s ** (d / (d - 2)))


def ntk_aware(d: int, base: float, s: float) -> Array:
    """Frequencies with that base: (d/2,)."""
    return frequencies(d, ntk_base(d, base, s))


def ramp(theta: Array, trained: int, alpha: float = 1.0, beta: float = 32.0) -> Array:
    """γ(r), r = turns of a pair within the training length: 0 = interpolate, 1 = leave alone. (d/2,)"""
    r = trained * theta / (2 * pi)  # (d/2,)
    return np.clip((r - alpha) / (beta - alpha), 0.0, 1.0)


def ntk_by_parts(theta: Array, s: float, trained: int) -> Array:
    """Each pair between θ/s (PI) and θ (untouched), by its ramp: (d/2,) → (d/2,)."""
    gamma = ramp(theta, trained)
    return (1 - gamma) * theta / s + gamma * theta


def dynamic_scale(length: int, trained: int) -> float:
    """Dynamic scaling: s follows the current length, and is 1 as long as nothing needs stretching."""
    return max(1.0, length / trained)


def dynamic_ntk(d: int, base: float, length: int, trained: int) -> Array:
    """Dynamic NTK = NTK-aware with that s: (d/2,), different at every length beyond the trained one."""
    return ntk_aware(d, base, dynamic_scale(length, trained))


def yarn(theta: Array, s: float, trained: int) -> tuple[Array, float]:
    """YaRN: NTK-by-parts, and √(1/t), by which both q and k are multiplied (scores by its square)."""
    return ntk_by_parts(theta, s, trained), 0.1 * log(s) + 1


# --8<-- [end:scaling]


# --8<-- [start:unseen]
def stretch(new: Array, theta: Array, trained: int, length: int) -> Array:
    """How many times as far each pair turns over `length` tokens as it did over the trained length: (d/2,)."""
    farther: Array = length * new / (trained * theta)  # (d/2,)
    return farther


def unseen(new: Array, theta: Array, trained: int, length: int) -> npt.NDArray[np.bool_]:
    """Pairs at angles that training never showed: not once around there, and farther at `length` now. (d/2,)"""
    around = trained * theta >= 2 * pi  # (d/2,): has seen every angle
    return ~around & (stretch(new, theta, trained, length) > 1 + 1e-9)


# --8<-- [end:unseen]


# --8<-- [start:code]
def yarn_as_coded(d: int, base: float, s: float, trained: int, alpha: float = 1.0, beta: float = 32.0) -> Array:
    """The released code ramps over the pair index, between the pairs that make β and α turns: (d/2,)."""

    def pair_with(rotations: float) -> float:
        return d * log(trained / (rotations * 2 * pi)) / (2 * log(base))

    low, high = max(floor(pair_with(beta)), 0), min(ceil(pair_with(alpha)), d - 1)
    kept = 1 - np.clip((np.arange(d // 2) - low) / (high - low), 0.0, 1.0)  # (d/2,), in place of γ
    theta = frequencies(d, base)
    return (1 - kept) * theta / s + kept * theta


# --8<-- [end:code]
