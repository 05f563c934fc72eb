r"""Best-of-N against beam search on a chain of steps, with a step verifier, at the same number of generated steps.

A solution has `depth` steps; each sampled step is right with probability q, and one wrong step spoils all that follows.
Source of the comparison: Snell et al. (arXiv:2408.03314), section 5. N candidates a level, M beams kept.
"""

from __future__ import annotations

from math import comb

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:exact]
def best_of_n(q: float, depth: int, n: int) -> float:
    """A perfect verifier of whole solutions: some of the n is right from start to end."""
    return 1 - (1 - q**depth) ** n


def beam(q: float, depth: int, n: int, width: int) -> float:
    """A perfect verifier of steps: chance that a right prefix survives every level. Exact, by the count kept."""
    alive = np.zeros(width + 1)  # (width + 1,): distribution of the number of right beams
    alive[width] = 1.0
    for _ in range(depth):
        after = np.zeros_like(alive)
        for right in range(width + 1):
            children = right * (n // width)  # candidates that extend a right prefix
            for good in range(children + 1):
                chance = comb(children, good) * q**good * (1 - q) ** (children - good)
                after[min(good, width)] += alive[right] * chance
        alive = after
    return float(1 - alive[0])


# --8<-- [end:exact]


# --8<-- [start:noisy]
def noisy(
    q: float, depth: int, n: int, width: int, hit: float, leak: float, trials: int, rng: np.random.Generator
) -> float:
    """Accuracy with a verifier that accepts a right prefix at rate `hit` and a wrong one at rate `leak`.

    width = n is best-of-N: nothing is dropped until the end. The final answer has the most accepted steps.
    """
    right = np.ones((trials, width), dtype=bool)  # (trials, width)
    score = np.zeros((trials, width))  # (trials, width), accepted steps so far
    for _ in range(depth):
        right = np.repeat(right, n // width, axis=1) & (rng.random((trials, n)) < q)  # (trials, n)
        accepted = rng.random((trials, n)) < np.where(right, hit, leak)  # (trials, n)
        score = np.repeat(score, n // width, axis=1) + accepted  # (trials, n)
        keep = np.argsort(score + 1e-3 * rng.random((trials, n)), axis=1)[:, n - width :]  # ties by lot
        right, score = np.take_along_axis(right, keep, 1), np.take_along_axis(score, keep, 1)  # (trials, width)
    best = np.argmax(score + 1e-3 * rng.random(score.shape), axis=1)  # (trials,)
    return float(right[np.arange(trials), best].mean())


# --8<-- [end:noisy]
