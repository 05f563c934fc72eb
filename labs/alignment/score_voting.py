r"""Voting of a generative reward model: k sampled critiques each give two answers a whole number from 1 to 10, the sums
decide. The chance of a right decision is exact, by convolution.

Source of the setting: Liu et al. (arXiv:2504.02495), section 4 (voting, and a meta reward model that filters first).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
LOW, HIGH = 1, 10


def score_pmf(mean: float, spread: float) -> Array:
    """A bell-shaped distribution over the scores 1 … 10: (10,)."""
    s = np.arange(LOW, HIGH + 1)
    p = np.exp(-0.5 * ((s - mean) / spread) ** 2)
    pmf: Array = p / p.sum()
    return pmf


# --8<-- [start:vote]
def gap_pmf(better: Array, worse: Array, sound: float) -> Array:
    """Distribution of score(better) - score(worse) over -9 … 9 in one critique: (19,).

    A share `sound` of the critiques follows the two distributions (10,); the others score both at random.
    """
    flat = np.full(HIGH, 1 / HIGH)
    return sound * np.convolve(better, worse[::-1]) + (1 - sound) * np.convolve(flat, flat)


def vote_accuracy(gap: Array, k: int) -> float:
    """Chance that k summed votes prefer the better answer; a tie counts one half."""
    total = np.array([1.0])
    for _ in range(k):
        total = np.convolve(total, gap)  # (18·k + 1,), centre = a gap of zero
    centre = len(total) // 2
    return float(total[centre + 1 :].sum() + 0.5 * total[centre])


def filtered_share(sound: float, keep_sound: float, keep_unsound: float) -> float:
    """Share of sound critiques among those that a meta reward model lets through."""
    kept = sound * keep_sound
    return kept / (kept + (1 - sound) * keep_unsound)


# --8<-- [end:vote]
