"""Warm-up and cosine against PyTorch, and the numbers of docs/finetuning/sft-hyperparameters.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.finetuning.lr_schedule import (
    CURVATURE,
    FLOOR,
    NOISE,
    continued,
    expected_losses,
    settled,
    warmup_cosine,
)


def test_equals_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    total, warmup, peak, floor = 40, 6, 2e-5, 2e-6
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=peak)
    schedulers = [
        torch.optim.lr_scheduler.LinearLR(optimizer, 1 / warmup, 1, warmup - 1),
        torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, total - warmup, floor),
    ]
    schedule = torch.optim.lr_scheduler.SequentialLR(optimizer, schedulers, [warmup])
    want = []
    for _ in range(total):
        want.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    got = [warmup_cosine(s, total, warmup, peak, floor) for s in range(total)]
    np.testing.assert_allclose(got, want, rtol=1e-10)


def test_alpaca() -> None:
    """Page: 52 002 samples, 3 epochs, batches of 128: 1219 steps, 37 of warm-up at 3 %."""
    steps = 52_002 * 3 / 128
    assert (round(steps), round(0.03 * steps)) == (1219, 37)
    assert round(float(np.log(32_000)), 1) == 10.4  # the loss of guessing, page: 「均匀猜测」
    assert warmup_cosine(0, 1219, 37, 2e-5) == pytest.approx(2e-5 / 37)
    assert warmup_cosine(37, 1219, 37, 2e-5) == 2e-5
    assert warmup_cosine(628, 1219, 37, 2e-5) == pytest.approx(1e-5)  # half way down the cosine


def test_recursion_is_the_mean_of_sgd() -> None:
    """Against 20 000 simulated runs."""
    rng = np.random.default_rng(0)
    curvature, offset, rates = np.array([1.0, 0.2]), np.array([0.5, 2.0]), np.linspace(0.3, 0.05, 12)
    w = np.tile(offset, (20_000, 1))
    for rate in rates:
        w -= rate * (curvature * w + 0.7 * rng.standard_normal(w.shape))
    want = 0.5 * (curvature * w**2).sum(1).mean()
    got = expected_losses(rates, curvature, offset, np.zeros(2), 0.49)
    assert len(got) == 13
    assert got[-1] == pytest.approx(want, rel=0.02)


def test_bump() -> None:
    """Page: warmed up again, the loss nearly doubles before it ends at half of the other run's."""
    again, kept = continued(True), continued(False)
    assert round(float(again[0]), 3) == round(float(kept[0]), 3) == 0.084
    assert (round(float(again.max()), 3), int(again.argmax())) == (0.156, 40)
    assert (round(float(again[-1]), 3), round(float(kept[-1]), 3)) == (0.038, 0.075)
    assert (np.diff(kept) < 0).all()  # no bump without warming up


def test_settled_noise_grows_with_the_rate() -> None:
    v = settled(FLOOR, CURVATURE, NOISE)
    np.testing.assert_allclose((1 - FLOOR * CURVATURE) ** 2 * v + FLOOR**2 * NOISE, v, rtol=1e-12)
    assert (settled(0.3, CURVATURE, NOISE) > 20 * v).all()
