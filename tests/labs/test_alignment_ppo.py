"""PPO's losses and gradients against PyTorch autograd, and the numbers of docs/alignment/ppo.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.alignment.ppo import active, clipped_objective, policy_loss, reuse, value_loss

RNG = np.random.default_rng(0)
N = 400
OLD = RNG.normal(-2, 1, N)
NEW = OLD + RNG.normal(0, 0.3, N)
ADV = RNG.standard_normal(N)


def test_policy_gradient_is_autograd() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    logp = torch.tensor(NEW, requires_grad=True)
    ratio, adv = torch.exp(logp - torch.tensor(OLD)), torch.tensor(ADV)
    want = torch.max(-adv * ratio, -adv * ratio.clamp(0.8, 1.2)).mean()
    want.backward()
    loss, grad = policy_loss(NEW, OLD, ADV)
    assert loss == pytest.approx(want.item(), abs=1e-12)
    np.testing.assert_allclose(grad, logp.grad.numpy(), atol=1e-12)
    assert 0 < (grad == 0).sum() < N  # some tokens are clipped, not all


@pytest.mark.parametrize("eps", [0.2, None])
def test_value_gradient_is_autograd(eps: float | None) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    values, old, returns = RNG.standard_normal(N), RNG.standard_normal(N), RNG.standard_normal(N)
    v, o, r = torch.tensor(values, requires_grad=True), torch.tensor(old), torch.tensor(returns)
    plain = (v - r) ** 2
    clipped = plain if eps is None else (torch.clamp(v, o - eps, o + eps) - r) ** 2
    want = 0.5 * torch.max(plain, clipped).mean()
    want.backward()
    loss, grad = value_loss(values, old, returns, eps)
    assert loss == pytest.approx(want.item(), abs=1e-12)
    np.testing.assert_allclose(grad, v.grad.numpy(), atol=1e-12)


def test_table_of_four_cases() -> None:
    """Page: which side acts; objective and gradient at ρ = 1.5 and 0.5 for A = ±1."""
    ratio, adv = np.array([1.5, 0.5, 1.5, 0.5]), np.array([1.0, 1.0, -1.0, -1.0])
    assert clipped_objective(ratio, adv).tolist() == [1.2, 0.5, -1.5, -0.8]
    assert active(ratio, adv).tolist() == [False, True, True, False]


def test_a_plain_clip_would_cut_the_way_back() -> None:
    """Page: without the min, ρ = 0.5 and A > 0 would have no gradient either."""
    ratio = np.array([0.49, 0.5, 0.51])
    assert np.ptp(np.clip(ratio, 0.8, 1.2)) == 0 < np.ptp(clipped_objective(ratio, np.ones(3)))


def test_first_pass_is_the_plain_policy_gradient() -> None:
    """Page: at ρ = 1 the gradient in log π is −A/n, as for −A·log π; the loss itself is −mean(A)."""
    loss, grad = policy_loss(OLD, OLD, ADV)
    np.testing.assert_allclose(grad, -ADV / N, atol=1e-15)
    assert loss == pytest.approx(-ADV.mean(), abs=1e-15)


def test_loss_of_the_first_pass_is_zero_when_whitened() -> None:
    white = (ADV - ADV.mean()) / ADV.std()
    assert policy_loss(OLD, OLD, white)[0] == pytest.approx(0, abs=1e-14)


def test_ratio_leaves_the_interval() -> None:
    """Page: ratios after ten passes over one batch, with and without clipping."""
    actions = np.tile(np.arange(4), 4)
    adv = np.where(actions == 0, 1.0, -1 / 3)
    clipped = reuse(np.zeros(4), actions, adv, lr=1.0, epochs=10, eps=0.2)
    assert clipped[0, 0].round(2) == 1.27  # one step is not limited at all
    assert clipped[1:5, 0].round(2).tolist() == [1.35, 1.45, 1.54, 1.64]  # moved by the other tokens
    assert clipped[-1, 0].round(2) == 1.64 and clipped[-1, 1].round(2) == 0.79
    np.testing.assert_array_equal(clipped[4], clipped[-1])  # every token has hit its bound
    free = reuse(np.zeros(4), actions, adv, lr=1.0, epochs=10, eps=1e9)
    assert free[-1, 0].round(2) == 3.61


def test_value_clipping_can_stop_learning() -> None:
    """Page: V = 1 from 0 towards R = 0.5 and 2, with ε = 0.2."""
    one = np.array([1.0])
    assert value_loss(one, np.array([0.0]), np.array([2.0]))[1].tolist() == [0.0]
    assert value_loss(one, np.array([0.0]), np.array([2.0]), None)[1].tolist() == [-1.0]
    assert value_loss(one, np.array([0.0]), np.array([0.5]))[1].tolist() == [0.5]
