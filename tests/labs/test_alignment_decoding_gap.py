"""Orders of two made-up policies, and the numbers of docs/alignment/ppo-vs-dpo.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.alignment.decoding_gap import BROAD, SHARP, greedy, pass_at, sharpen


def test_rows_are_distributions() -> None:
    np.testing.assert_allclose(SHARP.sum(1), 1)
    np.testing.assert_allclose(BROAD.sum(1), 1)


def test_table() -> None:
    """Page: table and figure pass_at_crossing."""
    assert (greedy(SHARP), greedy(BROAD)) == (0.6, 0.5)
    assert pass_at(BROAD, 2) > pass_at(SHARP, 2)
    assert [round(pass_at(SHARP, k), 3) for k in (1, 10, 100)] == [0.544, 0.638, 0.854]
    assert [round(pass_at(BROAD, k), 3) for k in (1, 10, 100)] == [0.425, 0.996, 1.0]


def test_pass_at_k_by_simulation() -> None:
    rng = np.random.default_rng(0)
    hits = [(rng.random((4000, 10)) < p).any(axis=1).mean() for p in BROAD[:, 0]]
    assert np.mean(hits) == pytest.approx(pass_at(BROAD, 10), abs=0.005)


def test_cold_sampling_is_greedy() -> None:
    """Page: at T → 0, pass@1 becomes the greedy accuracy."""
    for answers in (SHARP, BROAD):
        np.testing.assert_allclose(sharpen(answers, 1.0), answers, atol=1e-12)
        assert pass_at(sharpen(answers, 0.002), 1) == pytest.approx(greedy(answers), abs=1e-6)
