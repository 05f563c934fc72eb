r"""Forgetting in two dimensions: learn task A, then task B, with and without something that remembers A.

Sources: Kirkpatrick et al., *Overcoming catastrophic forgetting* (arXiv:1612.00796), equation (3) for EWC. Both losses
are quadratic, so every end point has a closed form.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:task]
@dataclass(frozen=True)
class Task:
    r"""Loss $\frac12(w-w^*)^\top H(w-w^*)$ with its best weights `best` (d,) and curvature `hessian` (d, d)."""

    best: Array
    hessian: Array

    def loss(self, w: Array) -> float:
        """0 at the best weights."""
        gap = w - self.best  # (d,)
        return float(gap @ self.hessian @ gap) / 2

    def gradient(self, w: Array) -> Array:
        """(d,)."""
        slope: Array = self.hessian @ (w - self.best)
        return slope


def descend(start: Array, steps: int, rate: float, *terms: tuple[float, Task]) -> Array:
    """Gradient descent on a weighted sum of quadratics from `start` (d,)."""
    w = start.copy()  # (d,)
    for _ in range(steps):
        w -= rate * sum((c * t.gradient(w) for c, t in terms), np.zeros_like(w))
    return w


# --8<-- [end:task]


# --8<-- [start:methods]
def pulled(new: Task, old_weights: Array, penalty: Array) -> Array:
    r"""Minimum of $L_B+\frac12(w-w_A)^\top P(w-w_A)$: solve $(H_B+P)w=H_Bw_B^*+Pw_A$."""
    target: Array = new.hessian @ new.best + penalty @ old_weights  # (d,)
    return np.asarray(np.linalg.solve(new.hessian + penalty, target), dtype=np.float64)


def l2_to_old(old: Task, new: Task, strength: float) -> Array:
    """Every direction is held alike."""
    return pulled(new, old.best, strength * np.eye(len(old.best)))


def ewc(old: Task, new: Task, strength: float) -> Array:
    """Each weight is held by its own Fisher information: here the diagonal of the old task's curvature."""
    return pulled(new, old.best, strength * np.diag(np.diag(old.hessian)))


def replay(old: Task, new: Task, share: float) -> Array:
    """A share of the data is the old task's: minimum of (1 − share)·L_B + share·L_A, so P is all of H_A."""
    return pulled(new, old.best, share / (1 - share) * old.hessian)


def average(old: Task, new: Task, toward_new: float) -> Array:
    """Straight line between the two solutions, as weight averaging does."""
    w: Array = old.best + toward_new * (new.best - old.best)  # (d,)
    return w


# --8<-- [end:methods]


def example(angle: float = 20.0) -> tuple[Task, Task]:
    """A is flat along one direction, turned by `angle` degrees, and steep across it; B curves alike everywhere."""
    t = np.deg2rad(angle)
    turn = np.array([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]])  # (2, 2)
    curved = turn @ np.diag([0.2, 10.0]) @ turn.T  # (2, 2)
    return Task(np.zeros(2), curved), Task(np.array([1.0, 1.0]), np.eye(2))


def at_new_loss(path: list[Array], old: Task, new: Task, wanted: float) -> float:
    """Old-task loss at the first point of a path (ordered by falling hold) where the new task's loss is reached."""
    return next(old.loss(w) for w in path if new.loss(w) <= wanted)
