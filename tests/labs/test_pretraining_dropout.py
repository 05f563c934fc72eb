"""Dropout against PyTorch and by enumeration; the numbers of docs/pretraining/dropout.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.attention.scaled_dot_product import softmax
from labs.pretraining.dropout import backward, forward, geometric_mean, masks, mean_output, mean_relu, moments


def test_forward_and_backward_equal_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    x, g = rng.standard_normal((50, 40)) + 5, rng.standard_normal((50, 40))
    tensor = torch.from_numpy(x).requires_grad_()
    out = torch.nn.functional.dropout(tensor, 0.3, training=True)
    out.backward(torch.from_numpy(g))
    kept = out.detach().numpy() != 0  # its own mask; no input is 0
    assert 0.25 < 1 - kept.mean() < 0.35
    np.testing.assert_allclose(forward(x, kept, 0.3), out.detach().numpy(), atol=1e-12)
    np.testing.assert_allclose(backward(g, kept, 0.3), tensor.grad.numpy(), atol=1e-12)


def test_evaluation_is_the_identity_in_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    x = torch.arange(5.0)
    assert torch.equal(torch.nn.Dropout(0.9).eval()(x), x)


@pytest.mark.parametrize("p", [0.1, 0.5])
def test_moments(p: float) -> None:
    x = np.array([2.0, -3.0])
    kept = np.random.default_rng(1).random((400_000, 2)) >= p
    y = forward(x, kept, p)
    mean, variance = moments(x, p)
    np.testing.assert_allclose(y.mean(axis=0), mean, rtol=0.01)
    np.testing.assert_allclose(y.var(axis=0), variance, rtol=0.01)


def test_variance_of_the_example() -> None:
    """Page: x = 2: 0.44 at p = 0.1 and 4 at p = 0.5; without rescaling the mean is (1-p)x."""
    assert [round(float(moments(np.array(2.0), p)[1]), 2) for p in (0.1, 0.5)] == [0.44, 4.0]
    assert (1 - 0.5) * 2 == 1


def test_linear_ensemble_is_exact() -> None:
    rng = np.random.default_rng(2)
    x, w = rng.standard_normal(6), rng.standard_normal((6, 3))
    np.testing.assert_allclose(mean_output(x, w), x @ w, atol=1e-12)
    assert len(masks(6)) == 64


def test_softmax_ensemble_is_the_halved_network() -> None:
    """Page: the normalised geometric mean of all 2^d thinned classifiers is one pass at half the weights."""
    rng = np.random.default_rng(3)
    x, w = rng.standard_normal(8), rng.standard_normal((8, 4))
    np.testing.assert_allclose(geometric_mean(x, w), softmax(x @ w / 2), atol=1e-12)


def test_behind_a_relu_it_is_not_exact() -> None:
    """Page: x all ones, w = (1, 1, -1, -1): evaluation gives 0, training 0.75 on average."""
    x, w = np.ones(4), np.array([1.0, 1, -1, -1])
    assert max(float(x @ w), 0) == 0
    assert mean_relu(x, w) == 0.75


def test_shares_of_a_layer_that_survive() -> None:
    """Page: at p = 0.1, two different masks agree on 82 % of the elements."""
    assert round(0.9**2 + 0.1**2, 2) == 0.82


def test_numbers_of_the_page() -> None:
    """Page: the kept value at p = 0.1, and what 32 layers of dropout on the trunk would leave."""
    assert round(float(forward(np.array(2.0), np.array(True), 0.1)), 2) == 2.22
    assert round(100 * 0.9**32, 1) == 3.4
    assert len(masks(8)) == 256
    assert len(masks(4)) == 16


def test_linear_regression_with_dropout_is_a_weighted_l2() -> None:
    """Page: mean squared error over all masks = plain error + p/(1-p) Σ w_j² ‖X_j‖²."""
    rng = np.random.default_rng(4)
    x, w, y = rng.standard_normal((7, 5)), rng.standard_normal(5), rng.standard_normal(7)
    noisy = sum(
        np.mean([(forward(row, kept, 0.5) @ w - t) ** 2 for kept in masks(5)]) for row, t in zip(x, y, strict=True)
    )
    np.testing.assert_allclose(noisy, ((x @ w - y) ** 2).sum() + (w**2 * (x**2).sum(axis=0)).sum(), atol=1e-12)
