r"""Outcome against process reward on a chain of T binary steps: the gradient, its noise, and answers right by luck.

Step t is right with probability σ(θ_t). Everything is summed over all 2^T chains, nothing is sampled. Supervision:
Uesato et al. (arXiv:2211.14275) and Lightman et al. (arXiv:2305.20050).
"""

from __future__ import annotations

from itertools import product

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def chains(theta: Array) -> tuple[Array, Array, Array]:
    """All chains: steps (2^T, T) of 0 and 1, their probabilities (2^T,), and ∂ log p / ∂θ (2^T, T)."""
    p = 1 / (1 + np.exp(-theta))  # (T,)
    steps = np.array(list(product((0.0, 1.0), repeat=len(theta))))  # (2^T, T)
    weight = np.where(steps == 1, p, 1 - p).prod(axis=1)  # (2^T,)
    return steps, weight, steps - p


# --8<-- [start:rewards]
def outcome_reward(steps: Array) -> Array:
    """One number for the whole chain, credited to every step: 1 if no step is wrong. (c, T) → (c, T)."""
    return np.repeat(steps.prod(axis=1, keepdims=True), steps.shape[1], axis=1)


def process_reward(steps: Array) -> Array:
    """Each step is judged by itself and credited only with its own label. (c, T) → (c, T)."""
    return steps


def gradient(theta: Array, credit: Array, score: Array, weight: Array) -> tuple[Array, Array]:
    """Mean and variance (T,) of the REINFORCE estimate credit·∂ log p of one sampled chain."""
    estimate = credit * score  # (2^T, T)
    mean = weight @ estimate  # (T,)
    return mean, weight @ estimate**2 - mean**2


# --8<-- [end:rewards]


def samples_needed(mean: Array, variance: Array) -> Array:
    """Chains to average until the standard error of the gradient equals its size: variance / mean², (T,)."""
    return variance / mean**2


# --8<-- [start:luck]
def lucky_share(sound: float, luck: float) -> float:
    """Among right answers, the share with a wrong derivation, if a wrong one still hits the answer at rate `luck`."""
    return (1 - sound) * luck / (sound + (1 - sound) * luck)


# --8<-- [end:luck]


# --8<-- [start:aggregate]
def aggregate(step: Array, how: str) -> float:
    """One score from the step scores (T,): product (Lightman et al.), minimum, or the last step (Snell et al.)."""
    return {"product": float(step.prod()), "min": float(step.min()), "last": float(step[-1])}[how]


# --8<-- [end:aggregate]
