"""Clip-higher: the update against autograd, and the numbers of dapo.md."""

from __future__ import annotations

import numpy as np

from labs.alignment.clip_higher import START, SUCCESS, headroom, train
from labs.attention.scaled_dot_product import softmax


def test_headroom() -> None:
    """Page dapo: where the upper clip takes over for a rare and a common token."""
    p = np.array([0.01, 0.9])
    assert np.round(headroom(p, 0.2), 4).tolist() == [0.012, 1.0]
    assert np.round(headroom(p, 0.28), 4).tolist() == [0.0128, 1.0]


def test_log_asymmetry() -> None:
    """Page dapo: on a log scale 0.8 and 1.2 are lopsided; 1.25 is the mirror image of 0.8."""
    assert np.round(np.log([1.2, 0.8]), 3).tolist() == [0.182, -0.223]
    assert np.isclose(np.log(1.25), -np.log(0.8))


def test_the_clip_does_not_bound_the_probability() -> None:
    """Page dapo: one large step takes a token from 0.01 to 0.35, far past 0.012, for at ratio 1 nothing is clipped."""
    z = np.log(np.array([0.01, 0.99]))
    grad = np.array([1.0, 0.0]) - softmax(z)  # A = 1, ratio = 1
    assert round(float(softmax(z + 2.0 * grad)[0]), 2) == 0.35
    assert float(softmax(z + 0.05 * grad)[0]) < headroom(np.array([0.01]), 0.2)[0] < 0.35


def test_start() -> None:
    """Page dapo: 16 ways to begin; the good one has 0.7 %."""
    p = softmax(START)
    assert round(float(p[-1]), 4) == 0.0069 and round(float(p @ SUCCESS), 3) == 0.406
    assert round(float(-(p * np.log(p)).sum()), 2) == 1.74


def test_entropy_falls_less_with_a_higher_upper_clip() -> None:
    """Page dapo: mean entropy after 60 steps for ε_high = 0.2 and 0.28, 64 runs; the pass rate is the same."""
    (low, passed_low), (high, passed_high) = (train(eps) for eps in (0.2, 0.28))
    assert [round(float(x), 2) for x in low[[0, 20, 60]]] == [1.74, 0.47, 0.25]
    assert [round(float(x), 2) for x in high[[0, 20, 60]]] == [1.74, 0.54, 0.38]
    assert [round(float(x), 2) for x in (passed_low[-1], passed_high[-1])] == [0.53, 0.53]
