"""Clipping over shards against PyTorch on the whole gradient: docs/distributed/data-parallel.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.distributed.grad_clip import clip_locally, clip_shards, global_norm


def test_equals_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    shards = [rng.standard_normal(n) * 3 for n in (5, 6, 2)]
    p = torch.zeros(13, dtype=torch.float64, requires_grad=True)
    p.grad = torch.tensor(np.concatenate(shards))
    norm = torch.nn.utils.clip_grad_norm_([p], 1.0)
    got, before = clip_shards(shards, 1.0)
    assert before == pytest.approx(float(norm), abs=1e-12)
    np.testing.assert_allclose(np.concatenate(got), p.grad.numpy(), atol=1e-6)  # torch divides by norm + 1e-6
    assert global_norm(got) == pytest.approx(1)


def test_page_example() -> None:
    """Page: shards (3) and (4), limit 1: norm 5, clipped to 0.6 and 0.8; clipped locally (1, 1), norm 1.414."""
    shards = [np.array([3.0]), np.array([4.0])]
    got, norm = clip_shards(shards, 1.0)
    assert norm == 5
    assert [float(g[0]) for g in got] == pytest.approx([0.6, 0.8])
    assert [float(g[0]) for g in clip_locally(shards, 1.0)] == pytest.approx([1, 1])
    assert global_norm(clip_locally(shards, 1.0)) == pytest.approx(1.414, abs=5e-4)


def test_small_gradients_are_left_alone() -> None:
    got, _ = clip_shards([np.array([0.3]), np.array([0.4])], 1.0)
    assert [float(g[0]) for g in got] == [0.3, 0.4]


def test_replicated_pieces_count_once() -> None:
    """Page: a tensor that both ranks hold, (2), beside shards (1) and (2): the norm is 3; counted twice √13."""
    shards = [np.array([2.0]), np.array([2.0]), np.array([1.0]), np.array([2.0])]
    assert global_norm(shards, [2, 2, 1, 1]) == pytest.approx(3)
    assert global_norm(shards) == pytest.approx(13**0.5)


def test_unscale_first() -> None:
    """Page: with loss scale 1024 the same gradients give the same result only if they are unscaled before clipping."""
    shards = [np.array([0.3]), np.array([0.4])]
    scaled = [g * 1024 for g in shards]
    right, norm = clip_shards(scaled, 1.0, scale=1024)
    assert norm == pytest.approx(0.5)
    assert [float(g[0]) for g in right] == pytest.approx([0.3, 0.4])
    wrong = [g / 1024 for g in clip_shards(scaled, 1.0)[0]]
    assert global_norm(wrong) == pytest.approx(1 / 1024)
