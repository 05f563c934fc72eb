"""QK-Norm, against PyTorch; numbers of docs/models/qwen3.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.models.qk_norm import bound, logits, rms_norm


def test_equals_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    x, gain = rng.standard_normal((5, 3, 16)), rng.standard_normal(16)
    want = torch.nn.functional.rms_norm(torch.from_numpy(x), (16,), torch.from_numpy(gain), eps=1e-6)
    np.testing.assert_allclose(rms_norm(x, gain, 1e-6), want.numpy(), atol=1e-12)


def test_bound_holds_and_is_reached() -> None:
    rng = np.random.default_rng(1)
    gain_q, gain_k = rng.uniform(0.5, 2, 32), rng.uniform(0.5, 2, 32)
    q, k = rng.standard_normal((200, 32)), rng.standard_normal((200, 32))
    assert np.abs(logits(q, k, gain_q, gain_k)).max() <= bound(gain_q, gain_k)
    one = np.ones(128)
    same = rng.standard_normal((1, 128))
    assert np.isclose(logits(same, same, one, one)[0, 0], bound(one, one), rtol=1e-12)
    assert round(bound(one, one), 1) == 11.3
    assert round(2 * bound(one, one), 1) == 22.6


def test_growing_weights_change_nothing() -> None:
    rng = np.random.default_rng(2)
    x, w_q, w_k, one = (
        rng.standard_normal((6, 20)),
        rng.standard_normal((20, 8)),
        rng.standard_normal((20, 8)),
        np.ones(8),
    )
    small, large = logits(x @ w_q, x @ w_k, one, one), logits(x @ (100 * w_q), x @ (100 * w_k), one, one)
    np.testing.assert_allclose(small, large, atol=1e-12)
    raw = (x @ w_q) @ (x @ w_k).T
    np.testing.assert_allclose((x @ (2 * w_q)) @ (x @ (2 * w_k)).T, 4 * raw, atol=1e-10)
