"""Exposure bias, exactly and by simulation; numbers of docs/pretraining/mle-objective.md."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest

from labs.evaluation.perplexity import perplexity
from labs.foundations.cross_entropy_kl import cross_entropy, entropy, kl
from labs.pretraining.exposure_bias import (
    GOOD,
    VOCAB,
    Array,
    error_curve,
    exponential,
    inverse_sigmoid,
    linear,
    train,
)


def table(keep: float) -> Array:
    """The page's model: 1000 tokens of text."""
    return train(1000, keep, np.random.default_rng(0))


def test_worked_number() -> None:
    """Page: probabilities 1/2, 1/4, 1/8 give 1/64, 1.386 nats a token and perplexity 4."""
    p = [0.5, 0.25, 0.125]
    assert np.prod(p) == 1 / 64
    mean = -sum(map(log, p)) / 3
    assert (round(mean, 3), round(exp(mean), 12)) == (1.386, 4)
    assert perplexity(-np.log(p)) == pytest.approx(4)


def test_sample_loss_estimates_forward_kl() -> None:
    """Page: mean NLL of a sample → H(p) + KL(p‖q)."""
    p, q = np.array([0.7, 0.2, 0.1]), np.array([0.5, 0.3, 0.2])
    draws = np.random.default_rng(0).choice(3, 200_000, p=p)
    assert -np.log(q[draws]).mean() == pytest.approx(entropy(p) + kl(p, q), abs=4e-3)
    assert cross_entropy(p, q) == pytest.approx(entropy(p) + kl(p, q), abs=1e-12)


def test_curves() -> None:
    """Page: 4.7 % throughout with the teacher; 4.7, 8.8, 26.2, 33.3 % at steps 1, 2, 10, 100 without."""
    p = table(1)
    teacher, free = error_curve(p, 100, True), error_curve(p, 100, False)
    assert np.round(teacher, 3).tolist() == [0.047] * 100
    assert [round(float(free[t]), 3) for t in (0, 1, 9, 99)] == [0.047, 0.088, 0.262, 0.333]


def test_curve_equals_simulation() -> None:
    p = table(1)
    rng = np.random.default_rng(1)
    cumulative = p.cumsum(axis=1)
    state, errors = np.zeros(20_000, dtype=np.int64), []
    for _ in range(20):
        new = np.minimum((rng.random((len(state), 1)) > cumulative[state]).sum(axis=1), VOCAB - 1)
        errors.append(float(((state >= GOOD) | (new != (state + 1) % GOOD)).mean()))
        state = new
    np.testing.assert_allclose(errors, error_curve(p, 20, False), atol=0.012)


def test_unseen_rows_are_uniform() -> None:
    """Page: after a token never seen, the model knows nothing; it returns to the cycle with probability 1/10."""
    p = table(1)
    np.testing.assert_allclose(p[GOOD:], 1 / VOCAB)
    assert p[GOOD, :GOOD].sum() == pytest.approx(0.1)


def test_scheduled_sampling() -> None:
    """Page: keep 0.75: 26.0 % in the long run and 5.1 % with the teacher; keep 0: 86 %."""
    mild, none = table(0.75), table(0.0)
    assert round(float(error_curve(mild, 100, False)[-1]), 3) == 0.260
    assert round(float(error_curve(mild, 100, True).mean()), 3) == 0.051
    assert round(float(error_curve(none, 100, False)[-1]), 2) == 0.86
    assert round(float(error_curve(none, 100, True).mean()), 2) == 0.84


def test_compound() -> None:
    """Page: 1 % a step without return: 63 % after 100 steps."""
    assert round(1 - 0.99**100, 2) == 0.63


def test_schedules() -> None:
    """Page: k = 100: 0.99 at the start, one half near step 460, 0.03 at 800; the other two at their ends."""
    assert [round(inverse_sigmoid(i, 100), 2) for i in (0, 800)] == [0.99, 0.03]
    assert inverse_sigmoid(460, 100) > 0.5 > inverse_sigmoid(461, 100)
    assert exponential(0, 0.9) == 1 and exponential(10, 0.9) == pytest.approx(0.9**10)
    assert (linear(0, 1, 0.01, 0.1), linear(1000, 1, 0.01, 0.1)) == (1, 0.1)
