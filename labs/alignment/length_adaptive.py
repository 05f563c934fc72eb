r"""VAPO's λ that grows with the answer, and what a wrong value function does under each choice of λ.

Sources: Yue et al., *VAPO* (arXiv:2504.05118), sections 3.1, 4.1 and 4.2.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.alignment.gae import gae

Array = npt.NDArray[np.float64]


# --8<-- [start:lambda]
def adaptive_lambda(length: int, alpha: float = 0.05) -> float:
    r"""λ = 1 − 1/(αl): the weights $\sum_t\lambda^t\approx1/(1-\lambda)$ sum to αl. Below l = 1/α it would be < 0."""
    return max(0.0, 1 - 1 / (alpha * length))


def reward_weight(distance: float, lam: float) -> float:
    """Share of the final TD error in the advantage of a token `distance` places before the end (γ = 1)."""
    return float(lam**distance)


# --8<-- [end:lambda]


# --8<-- [start:bias]
def advantage_and_target(length: int, lam: float, early: float, late: float, reward: float) -> tuple[Array, Array]:
    """GAE and value targets of one answer with reward only at its end, under values that go from `early` to `late`.

    Both (length,). With λ = 1 the target is the reward itself, whatever the values are.
    """
    rewards = np.zeros(length)  # (T,)
    rewards[-1] = reward
    return gae(rewards, np.linspace(early, late, length), lam=lam)


# --8<-- [end:bias]
