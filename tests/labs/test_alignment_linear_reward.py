"""The linear reward model against SciPy, and the numbers of the page reward-model."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit

from labs.alignment.linear_reward import accuracy, calibration, draw_pairs, ensemble, fit, loss, suspicion

W = np.array([1.0, -0.5, 0.0, 0.5])
EDGES = np.array([0.5, 0.6, 0.7, 0.8, 0.9, 1 + 1e-9])
TEST = draw_pairs(20_000, W, np.random.default_rng(0))


@pytest.mark.parametrize("seed", range(3))
def test_fit_is_scipys_minimum(seed: int) -> None:
    diff = draw_pairs(200, W, np.random.default_rng(seed))
    want = minimize(loss, np.zeros(4), args=(diff, 1e-3), method="BFGS", options={"gtol": 1e-10})
    assert np.allclose(fit(diff), want.x, atol=1e-5)


def test_weights_are_counts() -> None:
    diff = draw_pairs(30, W, np.random.default_rng(3))
    times = np.random.default_rng(4).integers(1, 4, 30)
    assert np.allclose(fit(diff, weight=times.astype(float)), fit(np.repeat(diff, times, axis=0)), atol=1e-10)


def test_labels_follow_bradley_terry() -> None:
    diff = draw_pairs(40_000, W, np.random.default_rng(5))
    assert (diff @ W > 0).mean() == pytest.approx(expit(np.abs(diff @ W)).mean(), abs=0.01)
    noisy = draw_pairs(40_000, W, np.random.default_rng(5), flip=1.0)
    assert (noisy @ W < 0).mean() == pytest.approx((diff @ W > 0).mean(), abs=0.01)


def test_page_accuracy_has_a_ceiling() -> None:
    """Page reward-model: the true reward itself agrees with 75% of the labels; 200 pairs come close."""
    assert round(float(expit(np.abs(TEST @ W)).mean()), 2) == 0.76
    assert round(accuracy(W, TEST), 3) == 0.755
    got = [round(accuracy(fit(draw_pairs(n, W, np.random.default_rng(1))), TEST), 2) for n in (20, 50, 200, 1000)]
    assert got == [0.72, 0.74, 0.75, 0.75]


def test_page_twenty_pairs_are_learnt_by_heart() -> None:
    """Page reward-model: 20 pairs, all right in training; 99% sure where 74% are right."""
    train = draw_pairs(20, W, np.random.default_rng(1))
    w = fit(train)
    assert accuracy(w, train) == 1
    stated, actual = calibration(w, TEST, EDGES)
    assert round(float(stated[-1]), 2) == 0.99 and round(float(actual[-1]), 2) == 0.74
    assert actual[:-1].max() < 0.56


def test_page_and_figure_calibration() -> None:
    """Page reward-model: with 2000 pairs stated and actual chances agree within three points."""
    stated, actual = calibration(fit(draw_pairs(2000, W, np.random.default_rng(1))), TEST, EDGES)
    assert np.abs(stated - actual).max() < 0.03


def test_page_ensemble_finds_turned_labels() -> None:
    """Page reward-model: of 300 pairs a quarter is turned round; the most suspicious quarter holds 76% turned ones."""
    hits, near, far = [], [], []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        diff = draw_pairs(300, 3 * W, rng)
        turned = rng.random(300) < 0.25
        noisy = np.where(turned[:, None], -diff, diff)
        rank = np.argsort(suspicion(ensemble(noisy, 8, rng), noisy))
        hits.append(turned[rank[225:]].mean())
        near.append(np.linalg.norm(fit(noisy[rank[:225]]) - 3 * W))
        far.append(np.linalg.norm(fit(noisy) - 3 * W))
    assert round(float(np.mean(hits)), 2) == 0.76
    assert round(float(np.mean(far)), 1) == 3.1 and round(float(np.mean(near)), 1) == 1.8
