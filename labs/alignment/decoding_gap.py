r"""Greedy success, pass@1 and pass@k of the same model can rank two policies differently.

Source: pass@k of Chen et al. (arXiv:2107.03374), section 2.1; the two policies are made up to show the orders.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:measures]
def greedy(answers: Array) -> float:
    """Share of problems whose most likely answer is right: `answers` (P, K) are probabilities, column 0 is right."""
    return float((answers.argmax(axis=1) == 0).mean())


def pass_at(answers: Array, k: int) -> float:
    """Mean over problems of the chance that one of k samples is right."""
    return float((1 - (1 - answers[:, 0]) ** k).mean())


def sharpen(answers: Array, temperature: float) -> Array:
    """Answers (P, K) sampled at another temperature: p^(1/T), made to sum to 1."""
    power = answers ** (1 / temperature)  # (P, K)
    sharp: Array = power / power.sum(axis=1, keepdims=True)  # (P, K)
    return sharp


# --8<-- [end:measures]

SHARP = np.array([[0.9, 0.05, 0.05]] * 6 + [[0.01, 0.98, 0.01]] * 4)  # (P, K): sure, right on 6 of 10 problems
BROAD = np.array([[0.45, 0.30, 0.25]] * 5 + [[0.40, 0.45, 0.15]] * 5)  # (P, K): unsure everywhere
