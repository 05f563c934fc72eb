"""Gradients against PyTorch, and the numbers of docs/reasoning/process-outcome-supervision.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.reasoning.credit import (
    aggregate,
    chains,
    gradient,
    lucky_share,
    outcome_reward,
    process_reward,
    samples_needed,
)


def test_mean_gradients_equal_autograd() -> None:
    """Outcome reward climbs ∏σ(θ), process reward climbs Σσ(θ)."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    theta = np.array([0.3, -1.0, 2.0, 0.7])
    steps, weight, score = chains(theta)
    assert weight.sum() == pytest.approx(1, abs=1e-12)
    for reward, goal in ((outcome_reward, "prod"), (process_reward, "sum")):
        t = torch.tensor(theta, requires_grad=True)
        getattr(torch.sigmoid(t), goal)().backward()
        np.testing.assert_allclose(gradient(theta, reward(steps), score, weight)[0], t.grad.numpy(), atol=1e-12)


def test_variance_by_sampling() -> None:
    theta = np.array([0.5, 0.0, 1.0])
    steps, weight, score = chains(theta)
    _, variance = gradient(theta, outcome_reward(steps), score, weight)
    rng = np.random.default_rng(0)
    p = 1 / (1 + np.exp(-theta))
    drawn = (rng.random((200_000, 3)) < p).astype(float)
    np.testing.assert_allclose((outcome_reward(drawn) * (drawn - p)).var(axis=0), variance, atol=2e-3)


@pytest.mark.parametrize(("p", "lengths"), [(0.8, {1: "0.25", 5: "2.1", 10: "8.3"}), (0.5, {10: "1023"})])
def test_page_samples(p: float, lengths: dict[int, str]) -> None:
    """Page: chains per unit of signal, 1/J - 1 for the outcome and 1/p - 1 for the process."""
    for length, shown in lengths.items():
        theta = np.full(length, np.log(p / (1 - p)))
        steps, weight, score = chains(theta)
        outcome = samples_needed(*gradient(theta, outcome_reward(steps), score, weight))
        process = samples_needed(*gradient(theta, process_reward(steps), score, weight))
        np.testing.assert_allclose(outcome, 1 / p**length - 1, rtol=1e-9)
        np.testing.assert_allclose(process, 1 / p - 1, rtol=1e-9)
        assert f"{outcome[0]:.{len(shown.partition('.')[2])}f}" == shown


def test_page_luck_and_aggregation() -> None:
    """Page: shares of lucky answers, and what the three aggregations say about 5 and 20 steps of 0.97."""
    assert [f"{lucky_share(c, 0.1):.4f}" for c in (0.6, 0.2)] == ["0.0625", "0.2857"]
    rng = np.random.default_rng(0)
    sound = rng.random(300_000) < 0.6
    hit = sound | (rng.random(300_000) < 0.1)
    assert (hit & ~sound).sum() / hit.sum() == pytest.approx(lucky_share(0.6, 0.1), abs=0.003)
    short, long = np.full(5, 0.97), np.full(20, 0.97)
    assert [f"{aggregate(s, 'product'):.2f}" for s in (short, long)] == ["0.86", "0.54"]
    assert {aggregate(s, how) for s in (short, long) for how in ("min", "last")} == {0.97}
    slip = np.array([0.97, 0.2, 0.9, 0.97, 0.97])
    assert [f"{aggregate(slip, how):.2f}" for how in ("product", "min", "last")] == ["0.16", "0.20", "0.97"]
