"""Mixed rewards against PyTorch, and the numbers of deepseek-v2-rl.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.alignment.policy_losses import group_advantage
from labs.alignment.shaped_rewards import decoupled_reward, verified_reward, weighted_reward


def test_equals_torch_and_orders_by_verdict_first() -> None:
    """Page deepseek-v2-rl: right is always above wrong."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    model, verdict = 5 * rng.standard_normal(200), rng.integers(2, size=200).astype(float)
    out = verified_reward(model, verdict)
    want = torch.sigmoid(0.5 * torch.tensor(model)) + (torch.tensor(verdict) - 1)
    np.testing.assert_allclose(out, want.numpy(), atol=1e-14)
    assert out[verdict == 1].min() > 0 > out[verdict == 0].max()


def test_numbers() -> None:
    """Page deepseek-v2-rl: r_m = −4, 0, 4 for a right and for a wrong answer."""
    out = verified_reward(np.array([-4, 0, 4, -4, 0, 4.0]), np.array([1, 1, 1, 0, 0, 0.0]))
    assert np.round(out, 3).tolist() == [0.119, 0.5, 0.881, -0.881, -0.5, -0.119]


def test_the_std_blows_small_differences_up() -> None:
    """Page deepseek-v2-rl: four right answers, scores 1.0 to 1.3: rewards 0.035 apart, advantages −1.35 to 1.34."""
    r = verified_reward(np.array([1.0, 1.1, 1.2, 1.3]), np.ones(4))
    assert round(float(np.ptp(r)), 3) == 0.035
    assert np.round(group_advantage(r), 2).tolist() == [-1.35, -0.44, 0.45, 1.34]
    assert np.round(group_advantage(r, False), 3).tolist() == [-0.017, -0.006, 0.006, 0.017]
    # 1000 times closer scores, the same advantages: only the order is left
    close = verified_reward(1 + np.arange(4) / 10_000, np.ones(4))
    np.testing.assert_allclose(group_advantage(close), [-1.342, -0.447, 0.447, 1.342], atol=1e-3)


def test_exploration_is_paid_for_wrong_answers_too() -> None:
    """Page deepseek-v2-rl: share 0.2; a wrong long answer earns 0.2, a right short one 0.8; at 0.6 the order turns."""
    verdict, effort = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    assert np.allclose(decoupled_reward(verdict, effort, 0.2), [0.8, 0.2])
    assert np.allclose(decoupled_reward(verdict, effort, 0.6), [0.4, 0.6])


def test_weights() -> None:
    assert weighted_reward(np.array([[1.0, 2, 3]]), np.array([0.5, 0.25, 0.25])).tolist() == [1.75]
