r"""The same preferences used three ways: SFT on the winners, SFT on winners again and again, and the KL-regularised RL.

Source: the closed form of Rafailov et al. (arXiv:2305.18290), section 4; the factor 2 is the bound of best-of-2.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.alignment.dpo import closed_form, sigmoid

Array = npt.NDArray[np.float64]


# --8<-- [start:winners]
def winners(pi: Array, reward: Array) -> Array:
    r"""Distribution (K,) of the chosen one of two responses drawn from `pi` (K,): all that SFT can imitate.

    $2\,\pi(y)\sum_{y'}\pi(y')\sigma(r(y)-r(y'))$, so no response ever becomes more than twice as likely.
    """
    wins = sigmoid(reward[:, None] - reward[None, :])  # (K, K): row beats column
    chosen: Array = 2 * pi * (wins @ pi)  # (K,)
    return chosen


def rounds(pi: Array, reward: Array, times: int) -> Array:
    """(times + 1, K): SFT on winners, then new pairs from the tuned policy, and so on."""
    path = [pi]
    for _ in range(times):
        path.append(winners(path[-1], reward))
    return np.array(path)


def reward_and_kl(pi: Array, ref: Array, reward: Array) -> tuple[float, float]:
    """Mean reward and KL(pi‖ref) in nats."""
    return float((pi * reward).sum()), float((pi * np.log(pi / ref)).sum())


# --8<-- [end:winners]


def frontier_reward(ref: Array, reward: Array, budget: float) -> float:
    """Greatest mean reward within `budget` nats of ref: the closed form at the β whose KL is the budget."""
    low, high = 1e-3, 1e3
    for _ in range(200):
        beta = float(np.sqrt(low * high))
        if reward_and_kl(closed_form(ref, reward, beta)[0], ref, reward)[1] > budget:
            low = beta
        else:
            high = beta
    return reward_and_kl(closed_form(ref, reward, high)[0], ref, reward)[0]
