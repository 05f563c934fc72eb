r"""Reward hacking in a table: a reward model that is right where it was trained, and a policy that leaves that place.

An answer is a pair (quality, length), each 0 … 9. People like quality, and length up to a point; a linear reward model
fitted to comparisons of the reference policy's short answers learns only «longer is better». Source of the picture:
Gao et al. (arXiv:2210.10760).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from labs.alignment.linear_reward import fit
from labs.attention.scaled_dot_product import softmax
from labs.foundations.cross_entropy_kl import kl

Array = npt.NDArray[np.float64]
SIZE = 10

# --8<-- [start:world]
QUALITY, LENGTH = (g.ravel().astype(float) for g in np.mgrid[0:SIZE, 0:SIZE])  # (A,), (A,) with A = 100
FEATURES = np.stack([QUALITY, LENGTH], axis=1)  # (A, 2): all that the reward model sees
GOLD = 0.3 * QUALITY + 0.9 * LENGTH - 0.15 * LENGTH**2  # (A,): what people want; the best length is 3
REFERENCE = softmax(-0.5 * (QUALITY - 3) ** 2 / 1.5**2 - 0.5 * (LENGTH - 1) ** 2)  # (A,): short, middling answers


def fit_proxy(pi: Array) -> Array:
    """Scores (A,) of a linear reward model fitted to endlessly many comparisons of answers drawn from `pi`."""
    i, j = np.triu_indices(len(pi), 1)
    p = 1 / (1 + np.exp(GOLD[j] - GOLD[i]))  # people choose i over j, by Bradley-Terry with the gold score
    weight = np.concatenate([pi[i] * pi[j] * p, pi[i] * pi[j] * (1 - p)])  # how often each outcome is seen
    diff = np.concatenate([FEATURES[i] - FEATURES[j], FEATURES[j] - FEATURES[i]])  # (2·pairs, 2)
    return FEATURES @ fit(diff, weight=weight)  # (A,)


# --8<-- [end:world]


@dataclass(frozen=True)
class Trace:
    """What one run of policy gradient passes through; each array is (steps + 1,)."""

    kl: Array
    proxy: Array
    gold: Array
    policy: Array
    """The last policy, (A,)."""


# --8<-- [start:train]
def train(reward: Array, beta: float, steps: int, lr: float = 0.05, start: Array | None = None) -> Trace:
    """Natural policy gradient on E[reward] - beta·KL(pi ‖ REFERENCE) for a table of logits (A,); sums, no samples."""
    z = np.log(REFERENCE if start is None else start)
    rows = []
    for _ in range(steps + 1):
        pi = softmax(z)  # (A,)
        rows.append((kl(pi, REFERENCE), pi @ reward, pi @ GOLD))
        value = reward - beta * np.log(pi / REFERENCE)  # (A,): reward minus the KL penalty of this answer
        z = z + lr * (value - pi @ value)  # the plain gradient has one more factor pi, which Fisher's inverse removes
    divergence, proxy, gold = np.array(rows).T
    return Trace(divergence, proxy, gold, pi)


# --8<-- [end:train]


# --8<-- [start:iterate]
def iterate(rounds: int, steps: int) -> Array:
    """Gold score (rounds + 1,) when each round refits the reward model to the current policy's own answers."""
    pi, gold = REFERENCE, [float(REFERENCE @ GOLD)]
    for _ in range(rounds):
        run = train(fit_proxy(pi), 0.0, steps, start=pi)
        pi = run.policy
        gold.append(float(run.gold[-1]))
    return np.array(gold)


# --8<-- [end:iterate]


# --8<-- [start:laws]
def gold_best_of_n(d: Array, alpha: float, beta: float) -> Array:
    """Gao et al.: gold score of best-of-n at d = sqrt(KL), d·(α - β·d); highest at d = α/(2β)."""
    return d * (alpha - beta * d)


def gold_rl(d: Array, alpha: float, beta: float) -> Array:
    """Gao et al.: gold score of reinforcement learning, d·(α - β·log d); highest at d = exp(α/β - 1)."""
    return d * (alpha - beta * np.log(d))


# --8<-- [end:laws]


def pair_accuracy(score: Array, pi: Array) -> float:
    """Chance that `score` (A,) orders two different answers drawn from `pi` as the gold score does."""
    i, j = np.triu_indices(len(pi), 1)
    weight = pi[i] * pi[j]
    right = (score[i] - score[j]) * (GOLD[i] - GOLD[j]) > 0
    return float((weight * right).sum() / weight.sum())
