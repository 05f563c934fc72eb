"""SGD to AdamW against torch.optim, and the numbers of docs/pretraining/sgd.md and adam.md."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from labs.foundations.regularization import shrinkage
from labs.pretraining.optimizers import SGD, START, Adam, Array, Optimizer, RMSProp, run, steps_to, valley

BEST = ((10 - 1) / (10 + 1)) ** 2  # the best β at condition number 100
CASES: list[tuple[str, dict[str, Any], Optimizer]] = [
    ("SGD", {"lr": 0.01}, SGD(0.01)),
    ("SGD", {"lr": 0.01, "momentum": 0.9}, SGD(0.01, 0.9)),
    ("RMSprop", {"lr": 0.01, "alpha": 0.99}, RMSProp(0.01)),
    ("Adam", {"lr": 0.01, "betas": (0.9, 0.95)}, Adam(0.01, (0.9, 0.95))),
    ("AdamW", {"lr": 0.01, "weight_decay": 0.1}, Adam(0.01, decay=0.1)),
]


@pytest.mark.parametrize("name, options, ours", CASES)
def test_equals_torch_step_by_step(name: str, options: dict[str, Any], ours: Optimizer) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    w = rng.standard_normal(7)
    weight = torch.from_numpy(w.copy()).requires_grad_()
    theirs = getattr(torch.optim, name)([weight], **options)
    for _ in range(30):
        g = rng.standard_normal(7) * np.logspace(-3, 3, 7)
        w, weight.grad = ours.step(w, g), torch.from_numpy(g)
        theirs.step()
        np.testing.assert_allclose(w, weight.detach().numpy(), atol=1e-12)


def test_gradient_descent_in_a_valley() -> None:
    """sgd page: condition number 100, until within 0.001."""
    assert steps_to(run(SGD(0.01), START, valley, 2000)) == 688
    assert steps_to(run(SGD(2 / 101), START, valley, 2000)) == 363
    diverging = np.abs(run(SGD(0.0201), START, valley, 100)[-1])
    assert diverging[0] < 0.14 < 2.7 < diverging[1]
    assert round((101 - 2) / 101, 3) == 0.980  # the factor of a step at the best rate


def test_momentum_in_a_valley() -> None:
    """sgd page: the best β and rate, and the usual 0.9 at the rate that took 688 steps."""
    rate = (2 / 11) ** 2
    assert (round(rate, 3), round(BEST, 2), round(9 / 11, 3)) == (0.033, 0.67, 0.818)
    assert steps_to(run(SGD(rate, BEST), START, valley, 2000)) == 58
    assert steps_to(run(SGD(0.01, 0.9), START, valley, 2000)) == 132


def test_the_two_ways_to_write_momentum() -> None:
    """sgd page: v ← βv + (1-β)g at rate η/(1-β) takes the same path."""
    rng = np.random.default_rng(1)
    w = other = rng.standard_normal(3)
    ours, v = SGD(0.01, 0.9), np.zeros(3)
    for g in rng.standard_normal((20, 3)):
        w = ours.step(w, g)
        v = 0.9 * v + 0.1 * g
        other = other - 0.1 * v
        np.testing.assert_allclose(w, other, atol=1e-14)


def test_rmsprop_moves_all_coordinates_alike() -> None:
    """sgd page: gradients 1 and 100 give one step, ten times the rate at first; the end hovers at the rate's scale."""
    path = run(RMSProp(0.001), START, valley, 3000)
    np.testing.assert_allclose(1 - path[1], [0.01, 0.01], rtol=1e-6)
    assert 1e-4 < np.linalg.norm(path[-1]) < 1e-2
    larger = run(RMSProp(0.01), START, valley, 3000)
    assert 3 < np.linalg.norm(larger[-1]) / np.linalg.norm(path[-1]) < 5
    constant = run(RMSProp(0.001), START, lambda w: np.array([1.0, 100.0]), 3000)
    np.testing.assert_allclose(constant[-2] - constant[-1], 0.001, rtol=1e-6)


def test_first_step_of_adam_is_the_sign() -> None:
    """adam page: whatever the gradient's size, the first step is the rate."""
    g = np.array([1e-4, -0.01, 1.0, -300.0])
    step = Adam(0.001).step(np.zeros(4), g)
    np.testing.assert_allclose(step, -0.001 * np.sign(g), rtol=2e-4)


def test_adam_does_not_see_the_scale_of_the_loss() -> None:
    """adam page: multiplying all gradients by 1000 leaves the path; SGD's changes."""
    rng = np.random.default_rng(2)
    grads = rng.standard_normal((50, 4))

    def end(optimizer: Optimizer, scale: float) -> Array:
        w = np.zeros(4)
        for g in grads:
            w = optimizer.step(w, scale * g)
        return w

    np.testing.assert_allclose(end(Adam(0.01), 1.0), end(Adam(0.01), 1000.0), atol=1e-6)
    assert np.abs(end(SGD(0.01), 1.0) - end(SGD(0.01), 1000.0)).max() > 1


def uncorrected(b2: float, steps: int = 2000) -> Array:
    """Step over rate, without bias correction, for a constant gradient: (steps,)."""
    path = run(Adam(1.0, (0.9, b2), correct=False), np.zeros(1), lambda w: np.ones(1), steps)
    return -np.diff(path[:, 0])


def test_without_bias_correction() -> None:
    """adam page: 3.16 times at first, 6.57 at step 12, 1.26 after 1000; with β₂ = 0.95, 0.45 at first."""
    long, short = uncorrected(0.999), uncorrected(0.95)
    assert [round(float(x), 2) for x in (long[0], long.max(), long[99], long[999])] == [3.16, 6.57, 3.24, 1.26]
    assert long.argmax() + 1 == 12
    assert (round(float(short[0]), 2), round(float(short.max()), 2), int(short.argmax()) + 1) == (0.45, 1.10, 20)
    corrected = -np.diff(run(Adam(1.0), np.zeros(1), lambda w: np.ones(1), 50)[:, 0])
    np.testing.assert_allclose(corrected, 1, rtol=1e-6)


def test_decay_of_adam_with_l2_and_of_adamw() -> None:
    """adam page: what is left of weights whose gradients are noise of scale 0.1, 1, 10."""
    scales = np.array([0.1, 1.0, 10.0])
    assert shrinkage(False, scales).round(2).tolist() == [0.81, 0.86, 0.98]
    assert shrinkage(True, scales).round(2).tolist() == [0.82, 0.82, 0.82]


def test_half_life_of_averages() -> None:
    """adam page: 1/(1-β) steps of memory."""
    assert [round(1 / (1 - b)) for b in (0.9, 0.95, 0.999)] == [10, 20, 1000]


def test_decay_is_a_product() -> None:
    """adam page: η = 3e-4, λ = 0.1 over 100 000 steps leave about 5 % of a weight with no gradient."""
    assert round((1 - 3e-4 * 0.1) ** 100_000, 2) == 0.05


def test_momentum_widens_the_stable_range() -> None:
    """sgd page, question: stable up to η·λ = 2(1 + β); checked on both sides of the limit at β = 0.67."""
    limit = 2 * (1 + BEST) / 100
    assert limit > (2 / 11) ** 2 > 0.02
    assert np.linalg.norm(run(SGD(0.99 * limit, BEST), START, valley, 2000)[-1]) < 1e-3
    assert np.linalg.norm(run(SGD(1.01 * limit, BEST), START, valley, 2000)[-1]) > 10


def test_restart_with_a_wrong_step_count() -> None:
    """adam page, question: settled m and v, t set to 1: m̂ 10 times, v̂ 1000 times, the step 0.32 times."""
    optimizer = Adam(1.0, m=np.ones(1), v=np.ones(1))
    assert round(float(-optimizer.step(np.zeros(1), np.ones(1))[0]), 2) == 0.32
