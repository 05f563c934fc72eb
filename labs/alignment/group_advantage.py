r"""What a group of G answers with right/wrong rewards teaches, exactly: signal, direction and weight of a question.

The policy answers right with probability p = σ(z); the expectations run over all numbers of right answers k.
Sources: Shao et al. (arXiv:2402.03300), section 4.1; Liu et al. (arXiv:2503.20783), section 3; Ahmadian et al.,
*Back to Basics* (arXiv:2402.14740), section 2 for the leave-one-out baseline (RLOO).
"""

from __future__ import annotations

from math import comb

import numpy as np
import numpy.typing as npt

from labs.alignment.policy_losses import group_advantage

Array = npt.NDArray[np.float64]


# --8<-- [start:signal]
def informative(p: float, size: int) -> float:
    """Probability that a group holds both a right and a wrong answer; every other group has advantages of 0."""
    return float(1 - p**size - (1 - p) ** size)


def binary_advantages(right: int, size: int, divide_by_std: bool = True) -> tuple[float, float]:
    """Advantage of a right and of a wrong answer when `right` of `size` are right (rewards 0 and 1)."""
    out = group_advantage(np.array([1.0] * right + [0.0] * (size - right)), divide_by_std)  # (G,)
    return float(out[0]), float(out[-1])


# --8<-- [end:signal]


# --8<-- [start:expected]
def expected_gradient(p: float, size: int, kind: str) -> float:
    r"""$E\big[\frac1G\sum_iA_i\,\frac{d}{dz}\log\pi(o_i)\big]$ at z = logit p; the true $dp/dz$ is p(1−p)."""
    total = 0.0
    for k in range(size + 1):
        rewards = np.array([1.0] * k + [0.0] * (size - k))  # (G,)
        score = rewards - p  # (G,): d log π/dz is 1−p for a right answer, −p for a wrong one
        advantage = group_advantage(rewards, divide_by_std=kind == "grpo")  # (G,)
        if kind == "rloo":  # baseline: the mean of the others
            advantage = advantage * size / (size - 1)
        chance = comb(size, k) * p**k * (1 - p) ** (size - k)
        total += chance * float((advantage * score).mean())
    return total


def question_weight(p: float, kind: str) -> float:
    """Mean |advantage| of an answer in a large group: how loudly a question with pass rate p speaks."""
    spread = 2 * p * (1 - p)
    return float(spread / np.sqrt(p * (1 - p))) if kind == "grpo" else spread


# --8<-- [end:expected]
