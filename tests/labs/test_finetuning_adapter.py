"""Adapters against PyTorch, and the numbers of docs/finetuning/adapter-tuning.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.finetuning.adapter import (
    Adapter,
    drop_share,
    fuse,
    gate,
    new_adapter,
    parallel,
    serial,
    task_batch_passes,
)


def filled(d: int = 6, m: int = 3) -> Adapter:
    """An adapter with random parts."""
    rng = np.random.default_rng(0)
    return Adapter(*(rng.standard_normal(s) for s in [(m, d), (m,), (d, m), (d,)]))


def test_serial_and_gradients_equal_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(1)
    h, grad, adapter = rng.standard_normal((5, 6)), rng.standard_normal((5, 6)), filled()
    net = torch.nn.Sequential(torch.nn.Linear(6, 3), torch.nn.ReLU(), torch.nn.Linear(3, 6)).double()
    with torch.no_grad():
        for p, value in zip(net.parameters(), adapter, strict=True):
            p.copy_(torch.from_numpy(value))
    t = torch.from_numpy(h)
    want = t + net(t)
    np.testing.assert_allclose(serial(h, adapter), want.detach().numpy(), atol=1e-12)
    want.backward(torch.from_numpy(grad))
    for got, p in zip(adapter.backward(h, grad), net.parameters(), strict=True):
        np.testing.assert_allclose(got, p.grad.numpy(), atol=1e-12)


def test_new_adapter_is_the_identity_and_learns() -> None:
    rng = np.random.default_rng(2)
    h, adapter = rng.standard_normal((5, 6)), new_adapter(rng, 6, 3)
    np.testing.assert_array_equal(serial(h, adapter), h)
    np.testing.assert_array_equal(parallel(h, h + 1, adapter, 4.0), h + 1)
    grads = adapter.backward(h, np.ones((5, 6)))
    assert np.any(grads.up)
    assert not np.any(grads.down)


def test_count() -> None:
    """Page: 2md + d + m."""
    assert sum(part.size for part in filled(6, 3)) == 2 * 3 * 6 + 6 + 3


def test_serial_adapter_does_not_merge() -> None:
    """Page: the correction is not linear, so no matrix reproduces it; without ReLU, I + up·down would."""
    adapter, rng = filled(), np.random.default_rng(3)
    x, y = rng.standard_normal((2, 4, 6))
    bias = serial(np.zeros((4, 6)), adapter)
    linear = serial(x, adapter) + serial(y, adapter) - bias
    assert np.abs(serial(x + y, adapter) - linear).max() > 0.1


def test_fusion_equals_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(4)
    h, z = rng.standard_normal((5, 6)), rng.standard_normal((3, 5, 6))
    w_q, w_k, w_v = rng.standard_normal((3, 6, 6)) / 3
    out, weights = fuse(h, z, w_q, w_k, w_v)
    as_queries = torch.from_numpy((h @ w_q)[:, None])  # each position is a batch of one query over 3 tasks
    keys, values = (torch.from_numpy((z @ w).transpose(1, 0, 2).copy()) for w in (w_k, w_v))
    want = torch.nn.functional.scaled_dot_product_attention(as_queries, keys, values, scale=1.0)
    np.testing.assert_allclose(out, want[:, 0].numpy(), atol=1e-12)
    np.testing.assert_allclose(weights.sum(1), 1, atol=1e-12)


def test_gate_is_one_number() -> None:
    x = np.random.default_rng(5).standard_normal((5, 6))
    assert gate(x, np.zeros(6)) == 0.5
    assert 0 < float(gate(x, np.ones(6))) < 1


def test_dropping_layers() -> None:
    """Page: 12 layers, 5 dropped: 58 % of adapter work left, backward ends 42 % earlier, 8 tasks in 61 passes of 96."""
    left, skipped = drop_share(12, 5)
    assert (round(100 * left), round(100 * skipped)) == (58, 42)
    assert (task_batch_passes(12, 5, 8), task_batch_passes(12, 0, 8)) == (61, 96)
    assert round(100 * (1 - 61 / 96)) == 36
