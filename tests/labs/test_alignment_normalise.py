"""Whitening and running scales against NumPy on all data, and the numbers of docs/alignment/ppo-tricks.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.alignment.normalise import RunningScale, learning_curve, next_kl_coefficient, whiten

RNG = np.random.default_rng(0)


def test_whiten_ignores_padding() -> None:
    x, mask = RNG.normal(3, 5, (4, 6)), (np.arange(6) < np.array([[6], [3], [5], [1]])).astype(float)
    kept = x[mask > 0]
    got = whiten(x, mask)
    np.testing.assert_allclose(got[mask > 0], (kept - kept.mean()) / kept.std(), atol=1e-8)
    assert (got[mask == 0] == 0).all()
    np.testing.assert_allclose(got, whiten(np.where(mask > 0, x, 1e6), mask), atol=1e-12)
    unshifted = whiten(x, mask, shift_mean=False)[mask > 0]
    assert unshifted.mean() == pytest.approx(kept.mean(), abs=1e-8) and unshifted.std() == pytest.approx(1, abs=1e-8)


def test_running_scale_sees_all_the_data() -> None:
    scale, batches = RunningScale(clip=1e9), [RNG.normal(2, 3, n) for n in (5, 17, 8)]
    for batch in batches:
        got = scale(batch)
    seen = np.concatenate(batches)
    np.testing.assert_allclose(got, (batches[-1] - seen.mean()) / seen.std(), atol=1e-8)
    assert RunningScale(clip=2.0)(np.array([0.0] * 99 + [100.0]))[-1] == 2.0


def test_kl_controller() -> None:
    """Page: KL 12 against a target of 6 counts as +20%; 256 episodes of a horizon of 10 000 raise β by 0.5%."""
    assert next_kl_coefficient(0.2, 12.0, 6.0, 256) == pytest.approx(0.2 * 1.00512, abs=1e-12)
    assert next_kl_coefficient(0.2, 0.0, 6.0, 256) == pytest.approx(0.2 * 0.99488, abs=1e-12)
    assert next_kl_coefficient(0.2, 6.0, 6.0, 256) == 0.2


def test_reward_scale() -> None:
    """Page: table of the probability of the best answer after 60 steps, and figure reward_scale."""
    raw = {s: np.array([learning_curve(s, False, seed) for seed in range(20)]) for s in (0.01, 1.0, 100.0)}
    assert raw[0.01][:, -1].mean().round(2) == 0.07 and raw[1.0][:, -1].mean().round(2) == 0.96
    assert raw[100.0][:, -1].min() > 0.99  # this toy recovers
    first = raw[100.0][:, 0]  # after a single step, over 20 seeds: anything can happen
    assert (first.min().round(2), first.max().round(2)) == (0.05, 1.0)
    calm = np.array([learning_curve(100.0, True, seed)[0] for seed in range(20)])
    assert (calm.min().round(2), calm.max().round(2)) == CALM
    white = [learning_curve(s, True, 3) for s in (0.01, 1.0, 100.0)]
    np.testing.assert_allclose(white[0], white[1], atol=1e-4)
    np.testing.assert_allclose(white[2], white[1], atol=1e-4)
    assert white[1][-1] > 0.99


CALM = (0.08, 0.11)
"""Least and greatest of the same probability after one normalised step, from 0.07."""
