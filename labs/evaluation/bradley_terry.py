r"""Bradley-Terry scores from a table of pairwise wins: what an arena computes from votes.

Source: Bradley and Terry, *Rank Analysis of Incomplete Block Designs* (Biometrika 1952); the iteration is Zermelo's.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:fit]
def fit(wins: Array, steps: int = 2000) -> Array:
    r"""Log-strengths (m,) with mean 0 that maximise the likelihood of `wins` (m, m), row beats column.

    $P(i\succ j)=e^{s_i}/(e^{s_i}+e^{s_j})$; a system that never wins or never loses has no finite score.
    """
    games = wins + wins.T  # (m, m)
    strength = np.ones(len(wins))  # (m,)
    for _ in range(steps):
        expected = (games / (strength[:, None] + strength[None, :])).sum(axis=1)  # (m,)
        strength = wins.sum(axis=1) / expected
        strength /= np.exp(np.log(strength).mean())  # only differences matter: fix the mean
    scores: Array = np.log(strength)  # (m,)
    return scores


def win_probability(scores: Array) -> Array:
    """(m, m): probability that the row's system is preferred to the column's."""
    p: Array = 1 / (1 + np.exp(scores[None, :] - scores[:, None]))  # (m, m)
    return p


def elo(scores: Array, centre: float = 1000.0) -> Array:
    """The same scores on the chess scale, where 400 points are odds of ten to one."""
    points: Array = centre + 400 / float(np.log(10)) * scores  # (m,)
    return points


# --8<-- [end:fit]
