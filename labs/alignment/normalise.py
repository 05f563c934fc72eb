r"""Scales in PPO: whitening, a running scale for rewards, and the controller that keeps the KL near a target.

Sources: OpenAI's lm-human-preferences (whiten with and without the mean, adaptive KL; Ziegler et al.,
arXiv:1909.08593); Zheng et al. (arXiv:2307.04964), section 5.3, for reward normalization and clipping.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from labs.alignment.ppo import policy_loss
from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]


# --8<-- [start:whiten]
def whiten(x: Array, mask: Array, shift_mean: bool = True) -> Array:
    """Give the masked entries of x (B, T) deviation 1, and mean 0 unless `shift_mean` is off; padding stays out."""
    count = mask.sum()
    mean = (x * mask).sum() / count
    var = ((x - mean) ** 2 * mask).sum() / count
    white: Array = (x - mean) / np.sqrt(var + 1e-8)  # (B, T)
    return (white if shift_mean else white + mean) * mask


# --8<-- [end:whiten]


# --8<-- [start:running]
@dataclass
class RunningScale:
    """Mean and variance of all rewards so far, updated batch by batch (Chan's formula), and a clip."""

    clip: float = 5.0
    count: float = 0.0
    mean: float = 0.0
    m2: float = 0.0

    def __call__(self, rewards: Array) -> Array:
        """Take in a batch (n,) and return it normalised and clipped (n,)."""
        n, mean = len(rewards), float(rewards.mean())
        gap, total = mean - self.mean, self.count + len(rewards)
        self.m2 += float(((rewards - mean) ** 2).sum()) + gap**2 * self.count * n / total
        self.mean += gap * n / total
        self.count = total
        scaled: Array = (rewards - self.mean) / np.sqrt(self.m2 / self.count + 1e-8)  # (n,)
        return np.clip(scaled, -self.clip, self.clip)


def next_kl_coefficient(beta: float, measured: float, target: float, episodes: int, horizon: int = 10_000) -> float:
    """Raise β when the measured KL is above the target, lower it when below; the error counts at most ±20%."""
    return beta * (1 + float(np.clip(measured / target - 1, -0.2, 0.2)) * episodes / horizon)


# --8<-- [end:running]


# --8<-- [start:bandit]
def learning_curve(scale: float, normalised: bool, seed: int = 0, steps: int = 60, lr: float = 1.0) -> Array:
    """Probability of the best of 5 answers after each PPO step (steps,), when all rewards are multiplied by `scale`."""
    rng = np.random.default_rng(seed)
    reward = scale * np.array([0.0, 0.2, 0.4, 0.6, 1.0])  # (K,)
    z = np.array([2.0, 1.0, 1.0, 0.0, 0.0])  # (K,)
    path = []
    for _ in range(steps):
        pi = softmax(z)  # (K,)
        actions = rng.choice(len(z), size=32, p=pi)  # (n,)
        advantages = reward[actions] - reward[actions].mean()  # (n,)
        if normalised:
            advantages = advantages / (advantages.std() + 1e-8)
        logp = np.log(pi[actions])  # (n,)
        _, grad = policy_loss(logp, logp, advantages)  # (n,)
        z = z - lr * (grad @ (np.eye(len(z))[actions] - pi))
        path.append(softmax(z)[-1])
    return np.array(path)


# --8<-- [end:bandit]
