r"""SGD, momentum, RMSProp, Adam and AdamW as functions from a gradient to a change of the weights.

Sources: Kingma and Ba, *Adam* (arXiv:1412.6980), algorithm 1; Tieleman and Hinton (2012), lecture 6.5; Loshchilov
and Hutter (arXiv:1711.05101), algorithm 2. Weights and gradients have one shape, (d,), and so has each state.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


class Optimizer(Protocol):
    """What `run` needs."""

    def step(self, w: Array, g: Array) -> Array:
        """The weights after one step with gradient `g`."""
        ...


# --8<-- [start:sgd]
@dataclass
class SGD:
    """Plain gradient steps; with `beta`, along an accumulated velocity v ← βv + g."""

    rate: float
    beta: float = 0.0
    v: Array | float = 0.0

    def step(self, w: Array, g: Array) -> Array:
        """One rate for all coordinates: nothing here knows how large the gradient of a coordinate usually is."""
        self.v = self.beta * self.v + g  # (d,)
        return w - self.rate * self.v


# --8<-- [end:sgd]


# --8<-- [start:rmsprop]
@dataclass
class RMSProp:
    """The current gradient over the root of its running mean square."""

    rate: float
    rho: float = 0.99
    eps: float = 1e-8
    s: Array | float = 0.0

    def step(self, w: Array, g: Array) -> Array:
        """Every coordinate moves by about `rate`, however large its gradient."""
        self.s = self.rho * self.s + (1 - self.rho) * g**2  # (d,)
        return w - self.rate * g / (np.sqrt(self.s) + self.eps)


# --8<-- [end:rmsprop]


# --8<-- [start:adam]
@dataclass
class Adam:
    """Momentum over RMS, both corrected for their start at zero; `decay` is AdamW's, beside the adaptive step."""

    rate: float
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8
    decay: float = 0.0
    correct: bool = True
    m: Array | float = 0.0
    v: Array | float = 0.0
    t: int = field(default=0)

    def step(self, w: Array, g: Array) -> Array:
        """`m`, `v` (d,) start at 0, so after t steps they hold only the share 1 - β^t of an average."""
        b1, b2 = self.betas
        self.t += 1
        self.m = b1 * self.m + (1 - b1) * g  # (d,)
        self.v = b2 * self.v + (1 - b2) * g**2  # (d,)
        m, v = self.m, self.v
        if self.correct:
            m, v = m / (1 - b1**self.t), v / (1 - b2**self.t)
        return w - self.rate * (m / (np.sqrt(v) + self.eps) + self.decay * w)


# --8<-- [end:adam]


def run(optimizer: Optimizer, w: Array, grad: Callable[[Array], Array], steps: int) -> Array:
    """The path (steps + 1, d) from `w` (d,)."""
    path = [w]
    for _ in range(steps):
        path.append(optimizer.step(path[-1], grad(path[-1])))
    return np.stack(path)


CURVATURE = np.array([1.0, 100.0])  # (2,): condition number 100
START = np.array([1.0, 1.0])


def valley(w: Array) -> Array:
    """Gradient (2,) of ½(x² + 100y²)."""
    return CURVATURE * w


def steps_to(path: Array, radius: float = 1e-3) -> int:
    """First step from which the path stays within `radius` of the origin."""
    outside = np.flatnonzero(np.linalg.norm(path, axis=1) > radius)
    return int(outside[-1]) + 1
