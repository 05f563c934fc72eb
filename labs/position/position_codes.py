r"""Three naive codes of a position: the integer itself, a number in [0, 1], its binary digits.

Each fails where the sinusoidal code (labs/position/sinusoidal.py) does not: the first is unbounded, the
second changes its unit with the length, the third jumps.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:codes]
def integer_code(n: int) -> Array:
    """0, 1, 2, …: (n, 1). Grows without bound, and every length brings values never seen before."""
    return np.arange(n, dtype=np.float64)[:, None]


def normalized_code(n: int) -> Array:
    """t/(n−1) in [0, 1]: (n, 1). Bounded, but one step means something else in every length."""
    return np.linspace(0.0, 1.0, n)[:, None]


def binary_code(n: int, bits: int) -> Array:
    """Bit i of t, the lowest bit first, so that column i flips every 2^i positions: (n, bits)."""
    t = np.arange(n)[:, None]  # (n, 1)
    return ((t >> np.arange(bits)) & 1).astype(np.float64)  # (n, bits)


# --8<-- [end:codes]


def step_lengths(code: Array) -> Array:
    """Euclidean distance between each position and the next: (n, d) → (n−1,)."""
    steps: Array = np.linalg.norm(np.diff(code, axis=0), axis=1)
    return steps
