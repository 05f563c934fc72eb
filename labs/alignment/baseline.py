r"""What a critic buys: the exact mean and variance of a policy gradient with and without a baseline.

Sources: Williams' REINFORCE; Schulman et al. (arXiv:1506.02438), section 2, for the choices of the weight.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]
Sentence = tuple[int, ...]


# --8<-- [start:sentences]
class TinyPolicy:
    """Writes T tokens out of K, one row of logits (T, K) a position, so that every sentence can be listed."""

    def __init__(self, logits: Array) -> None:
        self.pi = softmax(logits)  # (T, K)
        self.listed = self.sentences()

    def sentences(self) -> list[tuple[Sentence, float]]:
        """All K^T sentences with their probabilities."""
        steps, vocab = self.pi.shape
        return [(y, float(np.prod(self.pi[np.arange(steps), y]))) for y in product(range(vocab), repeat=steps)]

    def scores(self, y: Sentence) -> Array:
        """Gradient of log π(y_t) in the logits, token by token: (T, K); position t only touches row t."""
        grads: Array = np.eye(self.pi.shape[1])[list(y)] - self.pi  # (T, K)
        return grads

    def value(self, reward: dict[Sentence, float], prefix: Sentence) -> float:
        """V(s): the mean reward of the sentences that begin with the prefix."""
        rest = [(y, p) for y, p in self.listed if y[: len(prefix)] == prefix]
        return sum(p * reward[y] for y, p in rest) / sum(p for _, p in rest)


# --8<-- [end:sentences]


# --8<-- [start:variance]
def gradient_moments(policy: TinyPolicy, reward: dict[Sentence, float], weight: str) -> tuple[Array, float]:
    """Mean (T, K) and total variance of the one-sample policy gradient, summed over all sentences.

    `weight`: "reward" (the score of the sentence), "mean" (less the mean score, as GRPO's group does for many
    samples), "value" (less V of the prefix: a Monte-Carlo advantage), "advantage" (V after less V before: λ = 0).
    """
    values = {y[:t]: policy.value(reward, y[:t]) for y in reward for t in range(len(y) + 1)}
    first, second = np.zeros_like(policy.pi), np.zeros_like(policy.pi)  # (T, K)
    for y, p in policy.listed:
        before = np.array([values[y[:t]] for t in range(len(y))])  # (T,)
        after = np.array([values[y[: t + 1]] for t in range(len(y))])  # (T,): after the last token, the reward
        base = {"reward": 0.0, "mean": values[()], "value": before, "advantage": before}[weight]
        gain = after if weight == "advantage" else np.full(len(y), reward[y])  # (T,)
        g = (gain - base)[:, None] * policy.scores(y)  # (T, K)
        first += p * g
        second += p * g**2
    return first, float((second - first**2).sum())


# --8<-- [end:variance]
