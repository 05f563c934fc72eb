r"""SFT and policy gradient push the same quantity, $\nabla\log\pi(y)$; they differ in who wrote y and in its weight.

The policy is a softmax over a listed set of answers, so every expectation is a sum. Sources: Ouyang et al.
(arXiv:2203.02155), section 3.5.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]


# --8<-- [start:gradients]
def score_vectors(z: Array) -> Array:
    r"""$\nabla_z\log\pi(y)=e_y-\pi$ for every answer y of $\pi=\mathrm{softmax}(z)$: (A, A), one row an answer."""
    return np.eye(len(z)) - softmax(z)


def sft_gradient(z: Array, demos: Array) -> Array:
    r"""Ascent direction of SFT, $\mathbb E_{y\sim demos}[\nabla\log\pi(y)]$, from shares of answers (A,): (A,)."""
    return demos @ score_vectors(z)


def policy_gradient(z: Array, reward: Array) -> Array:
    r"""Ascent direction of RL, $\mathbb E_{y\sim\pi}[r(y)\nabla\log\pi(y)]$, for rewards (A,): (A,)."""
    return (softmax(z) * reward) @ score_vectors(z)


# --8<-- [end:gradients]


# --8<-- [start:coldstart]
def success_gradient(p: float) -> float:
    """Slope of the success rate in the logit of success, p·(1 - p): what a 0/1 reward gives at success rate p."""
    return p * (1 - p)


def any_success(p: float, samples: int) -> float:
    """Chance that at least one of `samples` answers earns the reward."""
    return 1 - (1 - p) ** samples


# --8<-- [end:coldstart]
