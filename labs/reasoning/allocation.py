r"""Spend a fixed number of samples over questions of different difficulty, with a perfect checker.

Setting of Snell et al., *Scaling LLM Test-Time Compute Optimally* (arXiv:2408.03314), sections 3 and 7, reduced to
coin flips: question i is solved by one sample with probability p[i]. q questions, `budget` samples in all.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]


# --8<-- [start:allocate]
def solved(p: Array, samples: Counts) -> float:
    """Expected number of questions with at least one right sample; p and samples (q,)."""
    return float((1 - (1 - p) ** samples).sum())


def allocate(p: Array, budget: int) -> Counts:
    """Best split (q,). Sample n + 1 of question i adds p(1 - p)^n, which only shrinks, so greedy is optimal."""
    samples = np.zeros(len(p), dtype=np.int64)  # (q,)
    for _ in range(budget):
        samples[np.argmax(p * (1 - p) ** samples)] += 1
    return samples


# --8<-- [end:allocate]


# --8<-- [start:exchange]
def matched_samples(scale: float, ratio: float, verifier: bool = True) -> float:
    """Samples of a model that cost as much, pretraining included, as one sample of a model `scale` times larger.

    Pretraining 6ND, inference 2ND (4ND with a verifier of the same size); ratio: inference over pretraining tokens.
    """
    return scale + (6 / (4 if verifier else 2)) * (scale - 1) / ratio


# --8<-- [end:exchange]
