"""GAE against sums written from the definition, and the numbers of docs/alignment/gae.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.alignment.gae import BONUS_RATE, blind_value, gae, gradient_moments, n_step, td_errors, true_value

RNG = np.random.default_rng(0)
REWARDS, VALUES = RNG.standard_normal(7), RNG.standard_normal(7)


@pytest.mark.parametrize("gamma", [1.0, 0.9])
@pytest.mark.parametrize("lam", [0.0, 0.5, 0.95, 1.0])
def test_backward_pass_is_the_double_sum(gamma: float, lam: float) -> None:
    delta = [REWARDS[t] + gamma * (VALUES[t + 1] if t < 6 else 0.0) - VALUES[t] for t in range(7)]
    want = [sum((gamma * lam) ** k * delta[t + k] for k in range(7 - t)) for t in range(7)]
    got, returns = gae(REWARDS, VALUES, gamma, lam)
    np.testing.assert_allclose(got, want, atol=1e-12)
    np.testing.assert_allclose(returns, got + VALUES, atol=1e-15)


@pytest.mark.parametrize("lam", [0.3, 0.95])
def test_is_the_exponential_average_of_n_step_advantages(lam: float) -> None:
    """Page: (1−λ)Σλ^{n−1}A^(n), with the last weight taking what is left."""
    for t in range(7):
        left = 7 - t
        weights = [(1 - lam) * lam ** (n - 1) for n in range(1, left)] + [lam ** (left - 1)]
        assert sum(weights) == pytest.approx(1, abs=1e-12)
        want = sum(w * n_step(REWARDS, VALUES, t, n, 0.9) for n, w in enumerate(weights, 1))
        assert gae(REWARDS, VALUES, 0.9, lam)[0][t] == pytest.approx(want, abs=1e-12)


def test_both_limits() -> None:
    """Page: λ = 0 is the TD error, λ = 1 the return less the value."""
    np.testing.assert_array_equal(gae(REWARDS, VALUES, lam=0.0)[0], td_errors(REWARDS, VALUES))
    to_go = np.cumsum(REWARDS[::-1])[::-1]
    np.testing.assert_allclose(gae(REWARDS, VALUES, lam=1.0)[0], to_go - VALUES, atol=1e-12)


def test_last_advantage_is_not_zero() -> None:
    assert gae(REWARDS, VALUES)[0][-1] == REWARDS[-1] - VALUES[-1] != 0


def test_worked_example() -> None:
    """Page: the table of four tokens."""
    rewards, values = np.array([-0.02, 0.01, -0.03, 1.0]), np.array([0.5, 0.6, 0.4, 0.7])
    np.testing.assert_allclose(td_errors(rewards, values), [0.08, -0.19, 0.27, 0.3], atol=1e-12)
    advantages, returns = gae(rewards, values, lam=0.95)
    assert advantages.round(3).tolist() == [0.4, 0.337, 0.555, 0.3]
    assert returns.round(3).tolist() == [0.9, 0.937, 0.955, 1.0]
    assert gae(rewards, values, lam=1.0)[0].round(3).tolist() == [0.46, 0.38, 0.57, 0.3]


def test_bias_and_variance_of_the_gradient() -> None:
    """Page: table of λ with the blind and with the perfect critic, and figure gae_tradeoff."""
    truth = (true_value((1,)) - true_value((0,))) / 4
    assert round(truth, 4) == 0.0807
    blind = {lam: gradient_moments(lam, blind_value) for lam in (0.0, 0.5, 0.9, 0.95, 1.0)}
    assert {lam: (round(m, 3), round(s, 3)) for lam, (m, s) in blind.items()} == {
        0.0: (0.042, 0.0),
        0.5: (0.043, 0.029),
        0.9: (0.065, 0.191),
        0.95: (0.072, 0.241),
        1.0: (0.081, 0.303),
    }
    perfect = [gradient_moments(lam, true_value) for lam in (0.0, 0.5, 0.9, 0.95, 1.0)]
    np.testing.assert_allclose([m for m, _ in perfect], truth, atol=1e-12)  # unbiased for every λ
    assert [round(s, 3) for _, s in perfect] == [0.0, 0.076, 0.224, 0.26, 0.303]
    assert blind[1.0][0] == pytest.approx(truth, abs=1e-12)  # whatever the critic


def test_bonus_rate_by_counting() -> None:
    from itertools import product

    assert np.mean(["00" not in "".join(y) for y in product("01", repeat=6)]) == BONUS_RATE


def test_signal_that_reaches_the_first_token() -> None:
    """Page: 0.95^100 of the last δ arrives 100 tokens earlier."""
    assert round(0.95**100, 4) == 0.0059
    rewards = np.zeros(101)
    rewards[-1] = 1.0
    assert gae(rewards, np.zeros(101), lam=0.95)[0][0] == pytest.approx(0.95**100, abs=1e-15)
