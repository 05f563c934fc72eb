"""Voting of a generative reward model: brute force over all outcomes, and the numbers of the page reward-model."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from labs.alignment.score_voting import HIGH, filtered_share, gap_pmf, score_pmf, vote_accuracy

BETTER, WORSE = score_pmf(6.5, 2.0), score_pmf(5.5, 2.0)


@pytest.mark.parametrize("sound", [1.0, 0.5])
def test_gap_by_enumeration(sound: float) -> None:
    want = np.zeros(2 * HIGH - 1)
    for a, b in product(range(HIGH), repeat=2):
        want[a - b + HIGH - 1] += sound * BETTER[a] * WORSE[b] + (1 - sound) / HIGH**2
    assert np.allclose(gap_pmf(BETTER, WORSE, sound), want, atol=1e-14)
    assert want.sum() == pytest.approx(1)


def test_two_votes_by_enumeration() -> None:
    gap = gap_pmf(BETTER, WORSE, 0.7)
    values = np.arange(-9, 10)
    p = sum(
        gap[i] * gap[j] * (1.0 if s > 0 else 0.5 if s == 0 else 0.0)
        for i, j, s in ((i, j, values[i] + values[j]) for i, j in product(range(19), repeat=2))
    )
    assert vote_accuracy(gap, 2) == pytest.approx(p, abs=1e-12)


def test_page_votes() -> None:
    """Page reward-model: accuracy at 1, 8 and 32 votes, all critiques sound or only half; a filter at 32."""
    all_sound, half = gap_pmf(BETTER, WORSE, 1.0), gap_pmf(BETTER, WORSE, 0.5)
    assert [round(vote_accuracy(all_sound, k), 2) for k in (1, 8, 32)] == [0.63, 0.83, 0.97]
    assert [round(vote_accuracy(half, k), 2) for k in (1, 8, 32)] == [0.57, 0.65, 0.77]
    share = filtered_share(0.5, 0.9, 0.3)
    kept = round(32 * (0.5 * 0.9 + 0.5 * 0.3))
    assert share == pytest.approx(0.75) and kept == 19
    assert round(vote_accuracy(gap_pmf(BETTER, WORSE, share), kept), 2) == 0.83
