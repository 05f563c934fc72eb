"""Averaged gradients against PyTorch on one big batch, and the numbers of docs/distributed/data-parallel.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.distributed.data_parallel import (
    Array,
    Labels,
    bucketed_average,
    loss_and_grad,
    make_buckets,
    mean_of_means,
    token_mean,
)


def shards(counts: list[int]) -> tuple[Array, list[tuple[Array, Labels]]]:
    """Weights (6, 5) and one batch of counts[r] tokens per rank."""
    rng = np.random.default_rng(0)
    data = [(rng.standard_normal((n, 6)), rng.integers(0, 5, n)) for n in counts]
    return rng.standard_normal((6, 5)), data


def big_batch(w: Array, data: list[tuple[Array, Labels]]) -> Array:
    """PyTorch's gradient of the mean over all tokens."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    tw = torch.tensor(w, requires_grad=True)
    x = torch.tensor(np.concatenate([d[0] for d in data]))
    y = torch.tensor(np.concatenate([d[1] for d in data]))
    torch.nn.functional.cross_entropy(x @ tw, y).backward()
    grad: Array = tw.grad.numpy()
    return grad


def test_equal_shards_are_one_big_batch() -> None:
    w, data = shards([7, 7, 7, 7])
    np.testing.assert_allclose(mean_of_means(w, data), big_batch(w, data), atol=1e-12)
    np.testing.assert_allclose(token_mean(w, data), big_batch(w, data), atol=1e-12)


def test_unequal_shards_need_the_token_count() -> None:
    """Page: with 10 and 90 tokens the gradient is 65 % off."""
    w, data = shards([10, 90])
    want = big_batch(w, data)
    np.testing.assert_allclose(token_mean(w, data), want, atol=1e-12)
    off = np.linalg.norm(mean_of_means(w, data) - want) / np.linalg.norm(want)
    assert off == pytest.approx(0.65, abs=6e-3)


def test_loss_is_the_mean() -> None:
    w, data = shards([9])
    x, y = data[0]
    z = x @ w
    want = np.mean([np.log(np.exp(row).sum()) - row[label] for row, label in zip(z, y, strict=True)])
    assert loss_and_grad(w, x, y)[0] == pytest.approx(want)


def test_buckets() -> None:
    """Page: ten tensors of 8 MiB, cap 25, first 1: five buckets of 1, 4, 4, 1 tensors, from the last layer on."""
    mib = 2**20
    buckets = make_buckets([8 * mib] * 10, 25 * mib, mib)
    assert buckets == [[9], [8, 7, 6, 5], [4, 3, 2, 1], [0]]


def test_bucketed_average_is_the_average() -> None:
    rng = np.random.default_rng(1)
    shapes = [(3, 4), (4,), (2, 2, 2), (5,)]
    grads = [[rng.standard_normal(s) for s in shapes] for _ in range(3)]
    got = bucketed_average(grads, make_buckets([96, 32, 64, 40], 100, 30))
    for i, g in enumerate(got):
        np.testing.assert_allclose(g, np.mean([rank[i] for rank in grads], axis=0), atol=1e-12)
