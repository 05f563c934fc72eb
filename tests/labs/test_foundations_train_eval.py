"""Dropout and batch normalisation in both modes against PyTorch; claims of docs/foundations/l1-l2-regularization.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.foundations.train_eval import BatchNorm, dropout


def test_dropout_in_both_modes() -> None:
    """Page: evaluation is the identity; training keeps the mean and scales what is kept by 1/(1 - p)."""
    x = np.random.default_rng(0).normal(size=(200, 50)) + 3
    assert dropout(x, 0.1, False, np.random.default_rng(1)) is x
    y = dropout(x, 0.1, True, np.random.default_rng(1))
    kept = y != 0
    assert kept.mean() == pytest.approx(0.9, abs=0.01)
    np.testing.assert_allclose(y[kept], x[kept] / 0.9, rtol=1e-12)
    assert y.mean() == pytest.approx(x.mean(), rel=0.01)


def test_torch_dropout_scales_alike() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    layer = torch.nn.Dropout(0.25)
    ones = torch.ones(1000, dtype=torch.float64)
    ours = dropout(np.ones(1000), 0.25, True, np.random.default_rng(0))
    assert set(np.unique(layer(ones).numpy())) == set(np.unique(ours)) == {0.0, 1 / 0.75}
    assert bool((layer.eval()(ones) == ones).all())


def test_batch_norm_matches_torch_in_both_modes() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    theirs = torch.nn.BatchNorm1d(4, affine=False, dtype=torch.float64)
    ours = BatchNorm(np.zeros(4), np.ones(4))
    rng = np.random.default_rng(0)
    for _ in range(3):
        x = rng.normal(2, 3, size=(8, 4))
        np.testing.assert_allclose(ours(x, True), theirs(torch.from_numpy(x)).numpy(), atol=1e-12)
    np.testing.assert_allclose(ours.mean, theirs.running_mean.numpy(), atol=1e-12)
    np.testing.assert_allclose(ours.var, theirs.running_var.numpy(), atol=1e-12)
    x = rng.normal(2, 3, size=(1, 4))  # one example is enough for evaluation
    np.testing.assert_allclose(ours(x, False), theirs.eval()(torch.from_numpy(x)).numpy(), atol=1e-12)


def test_eval_leaves_gradients_and_layer_norm_alone() -> None:
    """Page: eval() does not stop autograd; LayerNorm and RMSNorm give the same in both modes."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    x = torch.randn(3, 5, dtype=torch.float64, requires_grad=True)
    assert torch.nn.Dropout(0.5).eval()(x).requires_grad
    with torch.no_grad():
        assert torch.nn.Dropout(0.5)(torch.ones(1000)).eq(0).any()  # and no_grad does not stop dropout
    for layer in (torch.nn.LayerNorm(5, dtype=torch.float64), torch.nn.RMSNorm(5, dtype=torch.float64)):
        assert bool((layer.train()(x) == layer.eval()(x)).all())
