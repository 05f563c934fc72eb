"""Averaging gradients against averaging parameters: docs/distributed/distributed-goal.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.distributed.local_sgd import Array, first_adam_step, fixed_point, gradient_sync, gradients, parameter_sync

A, C = np.array([1.0, 4.0]), np.array([0.0, 1.0])


def test_one_sgd_step_is_the_same() -> None:
    assert parameter_sync(3.0, A, C, 0.1, rounds=20, local=1) == pytest.approx(gradient_sync(3.0, A, C, 0.1, 20))


def test_local_sgd_settles_elsewhere() -> None:
    """Page: the optimum is 0.8; ten local steps at lr 0.1 settle at 0.604, many steps at 0.5."""
    assert gradient_sync(3.0, A, C, 0.1, 400) == pytest.approx((A * C).sum() / A.sum()) == pytest.approx(0.8)
    assert parameter_sync(3.0, A, C, 0.1, 400, 10) == pytest.approx(fixed_point(A, C, 0.1, 10), abs=1e-9)
    assert fixed_point(A, C, 0.1, 10) == pytest.approx(0.604, abs=5e-4)
    assert fixed_point(A, C, 0.1, 1) == pytest.approx(0.8)
    assert fixed_point(A, C, 0.1, 500) == pytest.approx(0.5, abs=1e-9)
    assert fixed_point(A, C, 0.001, 10) == pytest.approx(0.798, abs=5e-4)  # page: a small step shrinks the bias


def test_adam_differs_after_one_step() -> None:
    """Page: gradients −1 and 3 average to 1: Adam moves by −0.1, but the two own steps cancel to 0."""
    grad = np.array([-1.0, 3.0])
    together = first_adam_step(0.0, np.array([grad.mean()]), 0.1)[0]
    apart = first_adam_step(0.0, grad, 0.1).mean()
    assert together == pytest.approx(-0.1)
    assert apart == pytest.approx(0, abs=1e-9)


def test_adam_step_against_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    w = torch.tensor([0.3], dtype=torch.float64, requires_grad=True)
    w.grad = torch.tensor([-2.5], dtype=torch.float64)
    torch.optim.Adam([w], lr=0.1).step()
    assert first_adam_step(0.3, np.array([-2.5]), 0.1)[0] == pytest.approx(w.item(), abs=1e-12)


def test_gradient() -> None:
    def loss(w: float) -> Array:
        return 0.5 * A * (w - C) ** 2

    slope = (loss(0.7 + 1e-6) - loss(0.7 - 1e-6)) / 2e-6
    np.testing.assert_allclose(gradients(np.full(2, 0.7), A, C), slope, atol=1e-8)
