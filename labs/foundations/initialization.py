r"""Initial weights: why not all equal, and which variance keeps a deep network's signal alive.

Sources: Glorot and Bengio (2010), equations 1, 12 and 16; He et al. (arXiv:1502.01852), section 2.2;
Radford et al., *Language Models are Unsupervised Multitask Learners* (2019), section 2.3.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
import numpy.typing as npt

from labs.foundations.gradient_flow import ACTIVATIONS

Array = npt.NDArray[np.float64]


# --8<-- [start:schemes]
def variance(scheme: str, fan_in: int, fan_out: int) -> float:
    """Variance of the entries of a weight (fan_out, fan_in) under an initialisation scheme."""
    if scheme == "xavier":  # the mean of 1/fan_in (forward) and 1/fan_out (backward) as a compromise
        return 2 / (fan_in + fan_out)
    if scheme == "he":  # ReLU passes half of the second moment, so twice as much goes in
        return 2 / fan_in
    if scheme == "default":  # U(-1/√fan_in, 1/√fan_in), which torch.nn.Linear draws from
        return 1 / (3 * fan_in)
    raise ValueError(scheme)


def uniform_bound(var: float) -> float:
    r"""Bound a of U(-a, a) with variance $a^2/3$."""
    return sqrt(3 * var)


def second_moments(
    scheme: str, activation: str, depth: int = 30, width: int = 512, batch: int = 32, seed: int = 0
) -> Array:
    r"""Mean of $h_l^2$ over units and examples, for the input and after each layer: (depth + 1,)."""
    rng = np.random.default_rng(seed)
    h = rng.normal(size=(width, batch))  # (d, B): second moment 1
    moments = [float((h**2).mean())]
    for _ in range(depth):
        w = rng.normal(size=(width, width)) * sqrt(variance(scheme, width, width))  # (d, d)
        h = ACTIVATIONS[activation][0](w @ h)  # (d, B)
        moments.append(float((h**2).mean()))
    return np.array(moments)


# --8<-- [end:schemes]


# --8<-- [start:symmetry]
def train(w1: Array, w2: Array, x: Array, y: Array, steps: int = 200, rate: float = 0.1) -> tuple[Array, Array]:
    r"""Gradient descent on $\frac1{2B}\sum(w_2\tanh(W_1x)-y)^2$: `w1` (m, d), `w2` (m,), `x` (d, B), `y` (B,)."""
    for _ in range(steps):
        h = np.tanh(w1 @ x)  # (m, B)
        error = (w2 @ h - y) / len(y)  # (B,)
        grad2 = h @ error  # (m,)
        grad1 = (w2[:, None] * error * (1 - h**2)) @ x.T  # (m, d): one row per hidden unit
        w1, w2 = w1 - rate * grad1, w2 - rate * grad2
    return w1, w2


def task(seed: int = 0, d: int = 4, examples: int = 64) -> tuple[Array, Array]:
    """A small regression that one hidden unit cannot solve: x (d, B) and y = x_0 x_1 + x_2, (B,)."""
    x = np.random.default_rng(seed).normal(size=(d, examples))  # (d, B)
    return x, x[0] * x[1] + x[2]


# --8<-- [end:symmetry]


def residual_std(base: float, blocks: int) -> float:
    r"""GPT-2: weights that write into the residual stream start at $base/\sqrt N$, N = 2 per block."""
    return base / sqrt(2 * blocks)
