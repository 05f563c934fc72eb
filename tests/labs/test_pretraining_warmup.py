"""Warm-up against torch.optim.RAdam and simulation; the numbers of docs/pretraining/warmup.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.pretraining.warmup import adam_updates, known_variance_rms, linear, noam, noise, rectification


def test_noam_schedule() -> None:
    """Page: the peak of the base model, and four times the steps halve the rate."""
    assert noam(4000) == max(noam(t) for t in range(1, 20_000, 10)) or noam(4000) >= noam(3991)
    assert f"{noam(4000):.2e}" == "6.99e-04"
    assert noam(16_000) == pytest.approx(noam(4000) / 2)
    assert f"{noam(1):.2e}" == "1.75e-07"
    assert f"{noam(100_000):.2e}" == "1.40e-04"


def test_bert_schedule() -> None:
    assert linear(10_000, 1e-4, 10_000, 10**6) == 1e-4
    assert linear(5000, 1e-4, 10_000, 10**6) == linear(505_000, 1e-4, 10_000, 10**6) == pytest.approx(5e-5)
    assert linear(10**6, 1e-4, 10_000, 10**6) == 0


def test_first_updates_on_noise() -> None:
    """Page and figure: RMS 1 at the first step, 0.46 at the fifth, 0.33 at the tenth, 0.23 in the end."""
    size = np.sqrt((adam_updates(noise()) ** 2).mean(axis=1))
    assert [round(float(size[t - 1]), 2) for t in (1, 5, 10, 1000)] == [1.0, 0.46, 0.33, 0.23]
    np.testing.assert_allclose(np.abs(adam_updates(noise())[0]), 1, atol=1e-12)
    assert round((0.1 / 1.9) ** 0.5, 2) == 0.23
    assert round((1.9 / 0.1) ** 0.5, 2) == 4.36
    for t in (1, 2, 5, 10, 50, 1000):
        assert size[t - 1] == pytest.approx(known_variance_rms(t), rel=0.03)


def test_closed_form_is_the_variance_of_the_corrected_mean() -> None:
    for t in (1, 3, 10, 40):
        weights = 0.1 * 0.9 ** np.arange(t) / (1 - 0.9**t)
        assert known_variance_rms(t) == pytest.approx(np.sqrt((weights**2).sum()))


def test_wrong_direction_of_the_first_step() -> None:
    """Page: a signal of a tenth of the noise, the sign of one sample is right with probability 0.54."""
    from scipy.stats import norm

    assert round(float(norm.cdf(0.1)), 2) == 0.54


@pytest.mark.parametrize("steps", [4, 12, 60])
def test_rectification_equals_torch(steps: int) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    weight = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    theirs = torch.optim.RAdam([weight], lr=1.0, eps=1e-16)
    for t in range(1, steps + 1):
        before = weight.item()
        weight.grad = torch.full((1,), 2.0, dtype=torch.float64)  # constant: m̂ = 2, √v̂ = 2
        theirs.step()
        moved = before - weight.item()
        assert moved == pytest.approx(rectification(t) or 2.0, rel=1e-9)  # no factor: plain momentum, m̂ itself


def test_rectification_numbers() -> None:
    """Page and figure: steps without an adaptive part, and the factor later on."""
    assert [rectification(t) > 0 for t in (5, 6)] == [False, True]
    assert [round(rectification(t), 2) for t in (6, 100, 1000, 2000, 4000)] == [0.03, 0.22, 0.65, 0.83, 0.96]


def test_variance_of_the_inverse_root() -> None:
    """Page: 1/√v̂ from one sample has no mean; with more samples its spread falls."""
    g = noise(64, 4000, seed=1)
    spread = []
    for t in (4, 16, 64):
        inverse = 1 / np.sqrt((g[:t] ** 2).mean(axis=0))
        spread.append(inverse.std() / inverse.mean())
    assert spread[0] > 2 * spread[1] > 3 * spread[2]
