r"""Differential privacy by clipping and noise, and what many noisy steps cost together.

Source: Abadi et al., *Deep Learning with Differential Privacy* (arXiv:1607.00133), algorithm 1 and section 3.2. The
exact curve of the Gaussian mechanism is the integral of max(p − e^ε q, 0) over two normal densities in closed form.
"""

from __future__ import annotations

from math import comb, erfc, exp, log, sqrt

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:step]
def clip(gradients: Array, bound: float) -> Array:
    """Scale each example's gradient, a row of (n, d), down to length `bound` at most."""
    norms = np.linalg.norm(gradients, axis=1, keepdims=True)  # (n, 1)
    clipped: Array = gradients / np.maximum(1.0, norms / bound)  # (n, d)
    return clipped


def private_gradient(gradients: Array, bound: float, noise: float, rng: np.random.Generator) -> Array:
    """DP-SGD: clip per example, sum, add N(0, (noise·bound)²) to each coordinate, divide: (n, d) → (d,)."""
    total = clip(gradients, bound).sum(axis=0)  # (d,): one example moves it by `bound` at most
    noisy: Array = (total + noise * bound * rng.standard_normal(total.shape)) / len(gradients)
    return noisy


# --8<-- [end:step]


# --8<-- [start:gaussian]
def normal_cdf(x: float) -> float:
    """Φ(x)."""
    return 0.5 * erfc(-x / sqrt(2))


def gaussian_delta(epsilon: float, noise: float) -> float:
    """Smallest δ of one Gaussian release with noise `noise` times the sensitivity, at this ε; exact."""
    a, b = 1 / (2 * noise), epsilon * noise
    return normal_cdf(a - b) - exp(epsilon) * normal_cdf(-a - b)


def gaussian_epsilon(delta: float, noise: float) -> float:
    """The same curve read the other way, by bisection: δ falls as ε grows."""
    low, high = 0.0, 200.0  # enough for noise of 0.1 and more; below that the guarantee is void anyway
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if gaussian_delta(middle, noise) > delta else (low, middle)
    return high


def composed_noise(noise: float, steps: int) -> float:
    """`steps` Gaussian releases of the whole data together are exactly one release with this noise."""
    return noise / sqrt(steps)


# --8<-- [end:gaussian]


# --8<-- [start:accountant]
def log_moment(order: int, rate: float, noise: float) -> float:
    """log E[(p/q)^order] under p, for one step on a Poisson sample: q = N(0, noise²), p mixes in N(1, noise²)."""
    n = order + 1  # E_p[(p/q)^order] = E_q[(p/q)^(order+1)], a binomial sum
    terms = [
        log(comb(n, k)) + (n - k) * log(1 - rate) + k * log(rate) + (k * k - k) / (2 * noise**2) for k in range(n + 1)
    ]
    top = max(terms)
    return top + log(sum(exp(t - top) for t in terms))


def accountant_epsilon(delta: float, rate: float, noise: float, steps: int, orders: int = 64) -> float:
    """Moments accountant: moments add over steps; the best order turns their sum into ε at this δ."""
    return min((steps * log_moment(o, rate, noise) - log(delta)) / o for o in range(1, orders + 1))


# --8<-- [end:accountant]
