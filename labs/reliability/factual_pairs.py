r"""Preference pairs from factuality scores, and what optimising them alone does to a policy.

Source: Tian et al., *Fine-tuning Language Models for Factuality* (arXiv:2311.08401), section 3.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from labs.alignment.dpo import dpo
from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]


# --8<-- [start:pairs]
def confidence(samples: Sequence[str]) -> tuple[float, float]:
    """Of one claim turned into a question and answered several times: (share of the commonest, expected share).

    Reference-free: nothing is looked up. The second is the chance that a random answer equals another, with itself.
    """
    shares = [count / len(samples) for count in Counter(samples).values()]
    return max(shares), sum(share**2 for share in shares)


def score(claims: Sequence[float]) -> float:
    """Of a response: mean over its claims of truth (0 or 1, looked up) or of confidence (sampled)."""
    return sum(claims) / len(claims)


def pairs(scores: Sequence[float]) -> list[tuple[int, int]]:
    """(preferred, other) of all pairs of responses to one prompt; equal scores make no pair."""
    return [
        (i, j) if scores[i] > scores[j] else (j, i)
        for i, j in combinations(range(len(scores)), 2)
        if scores[i] != scores[j]
    ]


# --8<-- [end:pairs]


# --8<-- [start:shorten]
def tune(scores: Array, beta: float, steps: int, rate: float) -> Array:
    """DPO from a uniform policy over k responses with these scores (k,): the policy (k,) after gradient descent."""
    better = np.array(pairs(list(scores)))  # (pairs, 2)
    ref = np.full(len(scores), -np.log(len(scores)))  # (k,)
    logits = np.zeros(len(scores))  # (k,)
    for _ in range(steps):
        logp = logits - np.log(np.exp(logits).sum())  # (k,)
        _, g_w, g_l = dpo(logp[better[:, 0]], logp[better[:, 1]], ref[better[:, 0]], ref[better[:, 1]], beta)
        g = np.zeros(len(scores))  # (k,): gradient in log-probabilities
        np.add.at(g, better[:, 0], g_w)
        np.add.at(g, better[:, 1], g_l)
        logits = logits - rate * (g - softmax(logits) * g.sum())
    return np.asarray(softmax(logits))


# --8<-- [end:shorten]

CLAIMS = np.linspace(0.95, 0.25, 8)
"""Chance that the first, second, … claim of an answer is true: the surest are said first. (8,)"""


def responses(k: int) -> tuple[Array, Array]:
    """Responses that stop after m = 1 … 8 claims: precision (8,) and F1@k (8,), of expected counts."""
    m = np.arange(1, len(CLAIMS) + 1)  # (8,)
    supported = np.cumsum(CLAIMS)  # (8,)
    precision, recall = supported / m, np.minimum(supported / k, 1)  # (8,), (8,)
    return precision, 2 * precision * recall / (precision + recall)
