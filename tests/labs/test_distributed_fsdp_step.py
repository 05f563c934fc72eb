"""The gather-compute-free loop against PyTorch, and the numbers of docs/distributed/fsdp.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.distributed.fsdp_step import Fsdp


def test_gradients_equal_one_big_batch() -> None:
    """Page: gradients agree with PyTorch to 1e-12; one unit lives at a time; 2L all-gathers and L reduce-scatters."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    ranks, layers, b, d = 4, 3, 2, 5
    weights = [rng.standard_normal((d, d)) / d**0.5 for _ in range(layers)]
    x, target = rng.standard_normal((ranks, b, d)), rng.standard_normal((ranks, b, d))
    fsdp = Fsdp(weights, ranks)
    got = fsdp.step(x, target)

    tw = [torch.tensor(w, requires_grad=True) for w in weights]
    h = torch.tensor(x.reshape(-1, d))
    for w in tw:
        h = torch.tanh(h @ w)
    loss = 0.5 * ((h - torch.tensor(target.reshape(-1, d))) ** 2).sum() / (ranks * b)
    loss.backward()
    for shards, w in zip(got, tw, strict=True):
        assert shards.shape == (ranks, 7)  # 25 numbers padded to 28
        np.testing.assert_allclose(shards.ravel()[: d * d].reshape(d, d), w.grad.numpy(), atol=1e-12)

    assert fsdp.log == ["AG0", "AG1", "AG2", "AG2", "RS2", "AG1", "RS1", "AG0", "RS0"]
    assert fsdp.peak == 28  # one unit; all three would be 84
    assert fsdp.live == 0


def test_page_memory() -> None:
    """Page: 7B in 16 bit, 32 equal units, 8 cards: shards of 1.75 GB, 0.44 GB a unit."""
    whole = 2 * 7e9
    assert whole / 8 / 1e9 == 1.75
    assert whole / 32 / 1e9 == pytest.approx(0.4375)
    assert 2 * whole / 32 / 1e9 == pytest.approx(0.875)
