"""Length-adaptive λ: the defining sum, and the numbers of vapo.md."""

from __future__ import annotations

import numpy as np

from labs.alignment.length_adaptive import adaptive_lambda, advantage_and_target, reward_weight


def test_weights_sum_to_alpha_l() -> None:
    for length in (100, 1000, 10_000):
        lam = adaptive_lambda(length)
        assert np.isclose((lam ** np.arange(200 * length)).sum(), 0.05 * length, rtol=1e-9)


def test_lambdas() -> None:
    """Page vapo: λ by length; 0.95 is the value at 400; below 20 the formula would be negative."""
    assert [round(adaptive_lambda(n), 4) for n in (20, 100, 400, 1000, 10_000)] == [0.0, 0.8, 0.95, 0.98, 0.998]
    assert adaptive_lambda(10) == 0.0 and 1 - 1 / (0.05 * 10) == -1


def test_reward_weight() -> None:
    """Page vapo: 0.95^100 = 0.006; with the adaptive λ the weight is 1/e at a distance of 5 % of the answer."""
    assert round(reward_weight(100, 0.95), 3) == 0.006
    for length in (1000, 10_000):
        assert round(reward_weight(length // 20, adaptive_lambda(length)), 2) in (0.36, 0.37)
    assert (
        reward_weight(999, adaptive_lambda(1000)) < 1e-8
    )  # e^(−1/α) = e^−20: the start sees the reward through V only
    assert reward_weight(999, 1.0) == 1


def test_wrong_values() -> None:
    """Page vapo: wrong answer (reward 0), values from −2 to 1: with λ = 1 the target is 0, with 0.95 it is V again."""
    _, exact = advantage_and_target(1000, 1.0, -2, 1, 0)
    assert np.abs(exact).max() < 1e-10
    advantages, boot = advantage_and_target(1000, 0.95, -2, 1, 0)
    assert round(float(boot[0]), 2) == -1.94  # still the value it had (−2), plus what is left of the slope
    assert advantages[:900].min() > 0  # every early token of a wrong answer is praised, for V rises along the way
    assert round(float(advantages[0]), 2) == 0.06
