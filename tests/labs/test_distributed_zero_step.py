"""Sharded Adam against PyTorch's AdamW on the averaged gradient: docs/distributed/zero.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.distributed.zero_step import Zero


@pytest.mark.parametrize(("ranks", "size"), [(1, 10), (4, 12), (4, 13), (3, 2)])
def test_equals_torch(ranks: int, size: int) -> None:
    """Page: the same numbers as one card, also where the length does not divide evenly."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    w = rng.standard_normal(size)
    tw = torch.tensor(w, requires_grad=True)
    reference = torch.optim.AdamW([tw], lr=0.01, weight_decay=0.1)
    zero = Zero(w, ranks, 0.01, 0.1)
    for _ in range(10):
        grads = rng.standard_normal((ranks, size))
        tw.grad = torch.tensor(grads.mean(axis=0))
        reference.step()
        got = zero.step(grads)
    np.testing.assert_allclose(got, tw.detach().numpy(), atol=1e-12)
    assert zero.adam[0].m.size == -(-size // ranks)  # each rank's moments: 1/N of them
