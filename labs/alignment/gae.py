r"""Generalized advantage estimation, and its exact bias and variance on a tree of sentences small enough to list.

Source: Schulman et al., *High-Dimensional Continuous Control Using Generalized Advantage Estimation*
(arXiv:1506.02438), section 3.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import pairwise, product

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:gae]
def td_errors(rewards: Array, values: Array, gamma: float = 1.0) -> Array:
    r"""$\delta_t=r_t+\gamma V_{t+1}-V_t$ of one finished response: `rewards` (T,), `values` (T,) → (T,)."""
    after = np.append(values[1:], 0.0)  # (T,): the value after the last token is 0, for nothing follows
    return rewards + gamma * after - values


def gae(rewards: Array, values: Array, gamma: float = 1.0, lam: float = 0.95) -> tuple[Array, Array]:
    r"""Advantages $A_t=\delta_t+\gamma\lambda A_{t+1}$ and returns $\hat R_t=A_t+V_t$, each (T,), backwards."""
    advantages = td_errors(rewards, values, gamma)  # (T,)
    for t in reversed(range(len(advantages) - 1)):  # the last advantage is its own δ, not 0
        advantages[t] += gamma * lam * advantages[t + 1]
    return advantages, advantages + values


# --8<-- [end:gae]


def n_step(rewards: Array, values: Array, t: int, n: int, gamma: float = 1.0) -> float:
    r"""$r_t+\gamma r_{t+1}+\dots+\gamma^nV_{t+n}-V_t$, with everything beyond the end equal to 0."""
    stop = min(t + n, len(rewards))
    total = sum(gamma ** (i - t) * rewards[i] for i in range(t, stop))
    tail = gamma**n * values[t + n] if t + n < len(values) else 0.0
    return float(total + tail - values[t])


# --8<-- [start:tree]
LENGTH = 6
"""Tokens of a response; each is 0 or 1 with probability ½."""
BONUS_RATE = 21 / 64
"""Share of all responses that earn the bonus below."""


def score(tokens: tuple[int, ...]) -> float:
    """Reward of a finished response: its share of ones, and 1 more if it never says 0 twice running."""
    twice = any(a == b == 0 for a, b in pairwise(tokens))
    return sum(tokens) / LENGTH + (not twice)


@cache
def true_value(prefix: tuple[int, ...]) -> float:
    """V(s): the mean score over all ways to finish the prefix."""
    ends = product((0, 1), repeat=LENGTH - len(prefix))
    return float(np.mean([score(prefix + end) for end in ends]))


def blind_value(prefix: tuple[int, ...]) -> float:
    """A critic that counts the ones but gives every unfinished response the same chance of the bonus."""
    return (sum(prefix) + (LENGTH - len(prefix)) / 2) / LENGTH + BONUS_RATE


def gradient_moments(lam: float, critic: Callable[[tuple[int, ...]], float]) -> tuple[float, float]:
    r"""Mean and deviation over all 2^6 responses of $\hat A_0\,\partial\log\pi(y_0)/\partial z$, one token's gradient.

    Under a fair coin the derivative of log π in the logit z of the token 1 is ½ for a 1 and −½ for a 0.
    """
    samples = []
    for tokens in product((0, 1), repeat=LENGTH):
        values = np.array([critic(tokens[:t]) for t in range(LENGTH)])  # (T,)
        rewards = np.zeros(LENGTH)  # (T,)
        rewards[-1] = score(tokens)  # the reward model speaks once, at the end
        samples.append(gae(rewards, values, lam=lam)[0][0] * (tokens[0] - 0.5))
    return float(np.mean(samples)), float(np.std(samples))


# --8<-- [end:tree]
