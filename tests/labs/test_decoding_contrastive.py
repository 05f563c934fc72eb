"""Contrastive decoding against PyTorch, and the numbers of docs/decoding/contrastive-decoding.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.decoding.contrastive import contrast, plausible

EXPERT = np.log(np.array([0.42, 0.30, 0.20, 0.075, 0.005]))
AMATEUR = np.log(np.array([0.60, 0.30, 0.05, 0.0499, 0.0001]))


@pytest.mark.parametrize("t", [0.5, 1.0, 2.0])
def test_against_torch(t: float) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    for _ in range(20):
        e, a = torch.from_numpy(rng.standard_normal(30) * 3), torch.from_numpy(rng.standard_normal(30) * 3)
        gain = torch.log_softmax(e, -1) - torch.log_softmax(a / t, -1)
        want = gain.masked_fill(torch.softmax(e, -1) < 0.1 * torch.softmax(e, -1).max(), float("-inf"))
        np.testing.assert_allclose(contrast(e.numpy(), a.numpy(), 0.1, t), want.numpy(), atol=1e-12)


def test_example() -> None:
    """Page: the table, with and without the constraint."""
    assert (contrast(EXPERT, AMATEUR, alpha=0).round(2) + 0.0).tolist() == [-0.36, 0.0, 1.39, 0.41, 3.91]
    assert plausible(EXPERT, 0.1).tolist() == [True, True, True, True, False]
    assert contrast(EXPERT, AMATEUR, 0.1).argmax() == 2
    assert contrast(EXPERT, AMATEUR, 0.0).argmax() == 4
    assert contrast(EXPERT, AMATEUR, 1.0).argmax() == EXPERT.argmax() == 0
    assert round(0.1 * 0.42, 3) == 0.042


def test_amateur_temperature() -> None:
    """Page: τ = 0.5 lifts the fact to 3.59 and the cliché to 0.42; τ = 2 leaves all within ±0.6."""
    low, high = contrast(EXPERT, AMATEUR, 0.1, 0.5), contrast(EXPERT, AMATEUR, 0.1, 2.0)
    assert (round(float(low[2]), 2), round(float(low[1]), 2)) == (3.59, 0.42)
    assert np.abs(high[:4]).max() < 0.6


def test_equal_models_say_nothing() -> None:
    """Page: the same model as amateur gives a difference of zero everywhere."""
    np.testing.assert_allclose(contrast(EXPERT, EXPERT, 0), 0, atol=1e-15)
