r"""Averaging gradients or averaging parameters: the same for one SGD step, different for Adam and for several steps.

Source: Stich, *Local SGD Converges Fast and Communicates Little* (arXiv:1805.09767).
Worker i minimises ½·a_i·(w − c_i)²; the goal is the minimum of the mean.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def gradients(w: Array, a: Array, c: Array) -> Array:
    """Every worker's gradient at its own w: all (N,)."""
    return a * (w - c)


# --8<-- [start:sync]
def gradient_sync(w: float, a: Array, c: Array, lr: float, steps: int) -> float:
    """One all-reduce a step: everybody takes the mean gradient and stays identical."""
    for _ in range(steps):
        w -= lr * float(gradients(np.full(len(a), w), a, c).mean())
    return w


def parameter_sync(w: float, a: Array, c: Array, lr: float, rounds: int, local: int) -> float:
    """Local SGD: `local` steps alone, then average the parameters; one all-reduce a round."""
    for _ in range(rounds):
        mine = np.full(len(a), w)  # (N,)
        for _ in range(local):
            mine = mine - lr * gradients(mine, a, c)  # (N,): the workers drift apart
        w = float(mine.mean())
    return w


# --8<-- [end:sync]


def fixed_point(a: Array, c: Array, lr: float, local: int) -> float:
    """Where local SGD settles: worker i pulls with weight 1 − (1 − lr·a_i)^local instead of a_i."""
    pull = 1 - (1 - lr * a) ** local  # (N,)
    return float((pull * c).sum() / pull.sum())


# --8<-- [start:adam]
def first_adam_step(w: float, grad: Array, lr: float) -> Array:
    """Adam's first step from zero moments is lr·g/(|g| + ε): only the sign survives. → one new w per gradient."""
    return w - lr * grad / (np.abs(grad) + 1e-8)  # (N,)


# --8<-- [end:adam]
