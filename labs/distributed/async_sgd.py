r"""Stale gradients: asynchronous workers push a gradient that was computed τ updates ago.

On ½λw² the update is w_{t+1} = w_t − ηλ·w_{t−τ}, which is stable if and only if ηλ < 2·sin(π / (4τ + 2)).
"""

from __future__ import annotations

from math import pi, sin

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:stale]
def trajectory(step: float, delay: int, updates: int, start: float = 1.0) -> Array:
    """w after each update, with step = ηλ; until the first gradient arrives all hold `start`. → (updates + 1,)"""
    w = [start] * (delay + 1)  # history: w[-1 - delay] is what the arriving gradient saw
    for _ in range(updates):
        w.append(w[-1] - step * w[-1 - delay])
    return np.array(w[delay:])


def largest_step(delay: int) -> float:
    """Bound on ηλ for convergence: 2 without delay, about π/(2τ) for long delays."""
    return 2 * sin(pi / (4 * delay + 2))


# --8<-- [end:stale]
