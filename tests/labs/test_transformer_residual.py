"""Deep MLPs with and without shortcuts: the numbers of docs/transformer/residual-connection.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.transformer.residual import backward, forward, initial, train


@pytest.mark.parametrize("skip", [False, True])
def test_gradients_equal_torch(skip: bool) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    weights, x, g = initial(rng, 5, 8), rng.standard_normal((3, 8)), rng.standard_normal((3, 8))
    ours, at_input = backward(g, forward(x, weights, skip), weights, skip)
    tw = [torch.from_numpy(w).requires_grad_() for w in weights]
    tx = torch.from_numpy(x).requires_grad_()
    h = tx
    for w in tw:
        branch = torch.relu(h) @ w
        h = h + branch / 5**0.5 if skip else branch
    h.backward(torch.from_numpy(g))
    for a, b in zip(ours, tw, strict=True):
        np.testing.assert_allclose(a, b.grad.numpy(), atol=1e-12)
    np.testing.assert_allclose(at_input, tx.grad.numpy(), atol=1e-12)


def gain(depth: int, skip: bool, seed: int) -> float:
    """‖gradient at the input‖ / ‖gradient at the output‖, d = 64, 32 samples."""
    rng = np.random.default_rng(seed)
    weights, x, g = initial(rng, depth, 64), rng.standard_normal((32, 64)), rng.standard_normal((32, 64))
    return float(np.linalg.norm(backward(g, forward(x, weights, skip), weights, skip)[1]) / np.linalg.norm(g))


def test_gradients_do_not_vanish_in_either_net() -> None:
    """Page: at 50 layers between 0.42 and 1.09 without shortcuts, between 1.59 and 1.69 (√e = 1.65) with them."""
    plain, skip = ([gain(50, s, seed) for seed in range(5)] for s in (False, True))
    assert (round(min(plain), 2), round(max(plain), 2)) == (0.42, 1.09)
    assert (round(min(skip), 2), round(max(skip), 2)) == (1.59, 1.69)
    assert np.exp(0.5) == pytest.approx(1.65, abs=0.01)


def test_only_the_plain_net_degrades_with_depth() -> None:
    """Page: loss after 200 steps of learning the identity, 2, 20 and 50 layers."""
    assert [train(depth, False)[-1] for depth in (2, 20, 50)] == pytest.approx([0.61, 0.89, 0.99], abs=0.006)
    assert [train(depth, True)[-1] for depth in (2, 20, 50)] == pytest.approx([0.10, 0.07, 0.09], abs=0.006)
