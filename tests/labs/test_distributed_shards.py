"""Row shards against torch.chunk, and the numbers of docs/distributed/fsdp.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.distributed.shards import flat_shards, owners, row_shards, unflatten, wasted

SHAPES: list[tuple[int, ...]] = [(6, 4), (6,), (3, 6)]


@pytest.mark.parametrize("rows", [1, 3, 4, 5, 6, 8, 9])
def test_rows_are_torch_chunks(rows: int) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    w = np.random.default_rng(0).standard_normal((rows, 3))
    got = row_shards(w, 4)
    want = list(torch.chunk(torch.tensor(w), 4, dim=0))
    assert len(got) == 4
    for a, b in zip(got, want, strict=False):
        np.testing.assert_array_equal(a, b.numpy())
    assert all(a.size == 0 for a in got[len(want) :])  # torch.chunk returns fewer pieces instead of empty ones
    np.testing.assert_array_equal(np.concatenate(got), w)


def test_flat_round_trip() -> None:
    rng = np.random.default_rng(0)
    params = [rng.standard_normal(s) for s in SHAPES]
    shards = flat_shards(params, 4)
    assert shards.shape == (4, 12)
    for a, b in zip(unflatten(shards, SHAPES), params, strict=True):
        np.testing.assert_array_equal(a, b)


def test_page_example() -> None:
    """Page: three tensors of 24, 6 and 18 numbers on 4 ranks: flat pieces of 12, rows 8+8+8+0 / 2+2+2+0 / 6+6+6+0."""
    params = [np.zeros(s) for s in SHAPES]
    assert sum(p.size for p in params) == 48
    assert owners(SHAPES, 4) == [{0, 1}, {2}, {2, 3}]
    assert [[s.size for s in row_shards(p, 4)] for p in params] == [[8, 8, 8, 0], [2, 2, 2, 0], [6, 6, 6, 0]]
    assert wasted(params, 4) == (0, 8 + 2 + 6)
    assert [s.shape[0] for s in row_shards(np.zeros((5, 3)), 4)] == [2, 2, 1, 0]
    assert wasted([np.zeros((4096, 4096)), np.zeros(4096)], 8) == (0, 0)  # page: real widths divide evenly
