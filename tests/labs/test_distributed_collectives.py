"""Collectives: identities between them, and the numbers of docs/distributed/nccl-communication.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.distributed.collectives import (
    all_gather,
    all_reduce,
    all_to_all,
    broadcast,
    bus_bandwidth,
    reduce,
    reduce_scatter,
    sent,
)


def test_identities() -> None:
    """Page: all-reduce is reduce-scatter then all-gather, or reduce then broadcast; all-to-all undoes itself."""
    x = np.random.default_rng(0).standard_normal((4, 12))
    np.testing.assert_allclose(all_gather(reduce_scatter(x)), all_reduce(x), atol=1e-12)
    np.testing.assert_allclose(broadcast(reduce(x, 2), 2), all_reduce(x), atol=1e-12)
    np.testing.assert_array_equal(all_to_all(all_to_all(x)), x)
    assert not np.allclose(all_to_all(x), x)


def test_all_to_all_moves_blocks() -> None:
    """By the definition: piece j of rank i becomes piece i of rank j."""
    x = np.arange(27.0).reshape(3, 9)
    got = all_to_all(x)
    for i in range(3):
        for j in range(3):
            np.testing.assert_array_equal(got[j, 3 * i : 3 * i + 3], x[i, 3 * j : 3 * j + 3])


def test_page_numbers() -> None:
    """Page: 14 GB of gradients over 8 ranks: 12.25 GB a half, 24.5 GB in all; busbw of a measured 0.7 s is 35 GB/s."""
    assert sent("reduce_scatter", 8, 14e9) == pytest.approx(12.25e9)
    assert sent("all_reduce", 8, 14e9) == pytest.approx(24.5e9)
    assert bus_bandwidth("all_reduce", 8, 14e9, 0.7) == pytest.approx(35e9)
