"""SFT and policy gradient against PyTorch's autograd, and the numbers of the page rlhf."""

from __future__ import annotations

import numpy as np
import pytest

from labs.alignment.imitation_vs_reward import any_success, policy_gradient, sft_gradient, success_gradient
from labs.attention.scaled_dot_product import softmax

Z = np.random.default_rng(0).normal(size=5)
REWARD = np.random.default_rng(1).normal(size=5)


def test_gradients_are_autograds() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    demos = np.random.default_rng(2).dirichlet(np.ones(5))
    z = torch.tensor(Z, requires_grad=True)
    (torch.tensor(demos) @ torch.log_softmax(z, 0)).backward()
    assert np.allclose(z.grad.numpy(), sft_gradient(Z, demos), atol=1e-12)
    z = torch.tensor(Z, requires_grad=True)
    (torch.softmax(z, 0) @ torch.tensor(REWARD)).backward()
    assert np.allclose(z.grad.numpy(), policy_gradient(Z, REWARD), atol=1e-12)


def test_page_constant_reward_teaches_nothing() -> None:
    """Page rlhf: RL with r = 1 and SFT on one's own samples both stand still; only differences of reward teach."""
    assert np.allclose(policy_gradient(Z, np.ones(5)), 0, atol=1e-12)
    assert np.allclose(sft_gradient(Z, softmax(Z)), 0, atol=1e-12)
    assert np.allclose(policy_gradient(Z, REWARD + 3), policy_gradient(Z, REWARD), atol=1e-12)


def test_rl_on_a_zero_one_reward_is_sft_on_the_successes() -> None:
    """Page rlhf: with r in {0, 1} the policy gradient is p times SFT on the own answers that passed."""
    good = np.array([1.0, 0.0, 0.0, 1.0, 0.0])
    p = float(softmax(Z) @ good)
    assert np.allclose(policy_gradient(Z, good), p * sft_gradient(Z, softmax(Z) * good / p), atol=1e-12)


def test_success_gradient_is_the_slope() -> None:
    def rate(z: float) -> float:
        return float(1 / (1 + np.exp(-z)))

    for z in (-7.0, -1.0, 2.0):
        slope = (rate(z + 1e-6) - rate(z - 1e-6)) / 2e-6
        assert success_gradient(rate(z)) == pytest.approx(slope, rel=1e-6)


def test_any_success_by_simulation() -> None:
    draws = np.random.default_rng(3).random((50_000, 16)) < 0.05
    assert any_success(0.05, 16) == pytest.approx(draws.any(axis=1).mean(), abs=0.01)


def test_page_cold_start() -> None:
    """Page rlhf: success rates 0.1% and 10%, groups of 16."""
    assert round(any_success(0.001, 16), 3) == 0.016 and round(any_success(0.1, 16), 2) == 0.81
    assert round(success_gradient(0.1) / success_gradient(0.001)) == 90
