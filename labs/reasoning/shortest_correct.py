r"""Rejection sampling for short answers: draw n, keep the shortest right one. Yield and length in closed form.

k kinds of answer, sorted by length: probability p (k,), length (k,), chance of being right (k,).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:pick]
def shortest_correct(p: Array, right: Array, n: int) -> Array:
    """P(the shortest right answer of n samples is of kind i), (k,); the rest of the mass is «none was right».

    h[i] is the chance that one sample is right and no longer than kind i; nothing right up to kind i: (1 - h[i])^n.
    """
    h = np.concatenate([[0.0], np.cumsum(p * right)])  # (k + 1,)
    return -np.diff((1 - h) ** n)  # (k,)


def summary(p: Array, length: Array, right: Array, n: int) -> tuple[float, float]:
    """Share of prompts that yield a sample, and the mean length of what is kept."""
    kept = shortest_correct(p, right, n)  # (k,)
    return float(kept.sum()), float(kept @ length / kept.sum())


# --8<-- [end:pick]
