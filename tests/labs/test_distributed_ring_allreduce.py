"""Ring all-reduce step by step, and the numbers of docs/distributed/ring-allreduce.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.distributed.ring_allreduce import (
    halving_doubling,
    halving_seconds,
    ring_all_reduce,
    ring_seconds,
    schedule,
    server_seconds,
)


@pytest.mark.parametrize("n", [2, 3, 4, 7])
def test_ring_sums(n: int) -> None:
    x = np.random.default_rng(n).standard_normal((n, n, 5))
    got, history = ring_all_reduce(x)
    np.testing.assert_allclose(got, np.broadcast_to(x.sum(axis=0), x.shape), atol=1e-12)
    assert len(history) == 1 + 2 * (n - 1)
    after_scatter = history[n - 1]
    for r in range(n):  # page: rank r owns the finished chunk (r + 1) mod N
        np.testing.assert_allclose(after_scatter[r, (r + 1) % n], x.sum(axis=0)[(r + 1) % n], atol=1e-12)


def test_every_rank_sends_one_chunk_a_step() -> None:
    n = 5
    for step in range(2 * (n - 1)):
        sends = [s for s in schedule(n) if s.step == step]
        assert sorted(s.src for s in sends) == list(range(n))
        assert sorted(s.chunk for s in sends) == list(range(n))  # and no chunk twice
    assert len(schedule(n)) == 2 * n * (n - 1)


def test_four_ranks_of_the_page() -> None:
    """Page: rank r holds (r+1)·10^chunk; the sums are 10, 100, 1000, 10000."""
    x = np.array([[[(r + 1) * 10.0**c] for c in range(4)] for r in range(4)])  # (4, 4, 1)
    got, history = ring_all_reduce(x)
    assert got[3, :, 0].tolist() == [10, 100, 1000, 10000]
    assert history[1][1, 0, 0] == 3
    assert history[2][2, 0, 0] == 6
    assert history[3][3, 0, 0] == 10


@pytest.mark.parametrize("n", [2, 4, 8])
def test_halving_doubling_sums(n: int) -> None:
    x = np.random.default_rng(n).standard_normal((n, 16))
    got, sent = halving_doubling(x)
    np.testing.assert_allclose(got, np.broadcast_to(x.sum(axis=0), x.shape), atol=1e-12)
    assert sum(sent) == 2 * 16 * (n - 1) / n  # the ring's bytes
    assert len(sent) == 2 * np.log2(n)


def test_page_costs() -> None:
    """Page: the table of times (50 GB/s, α = 10 µs) and the limits."""
    alpha, bw = 10e-6, 50e9
    assert ring_seconds(8, 14e9, alpha, bw) == pytest.approx(0.490, abs=5e-4)
    assert ring_seconds(64, 14e9, alpha, bw) == pytest.approx(0.5525, abs=5e-4)
    assert ring_seconds(1024, 14e9, alpha, bw) == pytest.approx(0.580, abs=5e-4)
    assert server_seconds(8, 14e9, alpha, bw) == pytest.approx(4.48, abs=5e-3)
    assert server_seconds(64, 14e9, alpha, bw) == pytest.approx(35.84, abs=5e-3)
    assert server_seconds(1024, 14e9, alpha, bw) == pytest.approx(573.4, abs=0.05)
    assert ring_seconds(1024, 64e3, alpha, bw) == pytest.approx(20.46e-3, abs=5e-6)
    assert halving_seconds(1024, 64e3, alpha, bw) == pytest.approx(0.2026e-3, abs=5e-7)
    assert ring_seconds(64, 64e3, alpha, bw) == pytest.approx(1.2625e-3, abs=5e-6)
    assert halving_seconds(64, 64e3, alpha, bw) == pytest.approx(0.1225e-3, abs=5e-7)
    assert halving_seconds(64, 14e9, alpha, bw) == pytest.approx(0.551, abs=5e-4)
    assert 126 * alpha / ring_seconds(64, 64e3, alpha, bw) == pytest.approx(0.998, abs=5e-4)
    assert [2 * (n - 1) / n for n in (2, 8, 64)] == pytest.approx([1, 1.75, 1.96875])
