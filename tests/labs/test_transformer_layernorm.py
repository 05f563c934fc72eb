"""LayerNorm, RMSNorm and pRMSNorm: docs/transformer/layernorm.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.transformer.batchnorm import BatchNorm
from labs.transformer.layernorm import estimate_error, layer_norm, rms_norm


def test_equal_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    x, gamma, beta = rng.normal(1.0, 2.0, (2, 5, 8)), rng.standard_normal(8), rng.standard_normal(8)
    f, t = torch.nn.functional, torch.from_numpy
    want = f.layer_norm(t(x), (8,), t(gamma), t(beta), 1e-5).numpy()
    np.testing.assert_allclose(layer_norm(x, gamma, beta), want, atol=1e-12)
    want = f.rms_norm(t(x), (8,), t(gamma), 1e-6).numpy()
    np.testing.assert_allclose(rms_norm(x, gamma), want, atol=1e-12)


def test_rms_norm_is_layer_norm_of_zero_mean_input() -> None:
    """Page: equal when the features of a token have mean 0, otherwise not."""
    rng = np.random.default_rng(0)
    x, one, zero = rng.standard_normal((4, 16)), np.ones(16), np.zeros(16)
    centred = x - x.mean(axis=-1, keepdims=True)
    np.testing.assert_allclose(rms_norm(centred, one, 1e-5), layer_norm(x, one, zero), atol=1e-12)
    assert np.abs(rms_norm(x, one, 1e-5) - layer_norm(x, one, zero)).max() > 0.05


def test_worked_example() -> None:
    """Page: x = (1, 2, 3, 6) and the same plus 10."""
    x = np.array([1.0, 2, 3, 6])
    one, zero = np.ones(4), np.zeros(4)
    assert layer_norm(x, one, zero, 0).round(2).tolist() == [-1.07, -0.53, 0.0, 1.6]
    assert rms_norm(x, one, 0).round(2).tolist() == [0.28, 0.57, 0.85, 1.7]
    np.testing.assert_allclose(layer_norm(x + 10, one, zero, 0), layer_norm(x, one, zero, 0), atol=1e-12)
    assert rms_norm(x + 10, one, 0).round(2).tolist() == [0.84, 0.91, 0.99, 1.22]


def test_scale_does_not_matter() -> None:
    x, one, zero = np.random.default_rng(0).standard_normal((3, 8)), np.ones(8), np.zeros(8)
    np.testing.assert_allclose(layer_norm(7 * x, one, zero, 0), layer_norm(x, one, zero, 0), atol=1e-12)
    for share in (1.0, 0.25):
        np.testing.assert_allclose(rms_norm(7 * x, one, 0, share), rms_norm(x, one, 0, share), atol=1e-12)


def test_other_tokens_do_not_matter_for_layer_norm_only() -> None:
    """Page: LayerNorm of a token is the same alone, in a longer batch and in a longer sequence; BatchNorm's is not."""
    rng = np.random.default_rng(0)
    x, one, zero = rng.standard_normal((4, 6, 8)), np.ones(8), np.zeros(8)
    np.testing.assert_array_equal(layer_norm(x[:1, :2], one, zero), layer_norm(x, one, zero)[:1, :2])
    assert np.abs(BatchNorm(8)(x[:1, :2], True) - BatchNorm(8)(x, True)[:1, :2]).max() > 0.1


def test_padding_enters_batch_norm() -> None:
    """Page: a row of zeros more, and every other output of BatchNorm changes."""
    rng = np.random.default_rng(0)
    x = rng.normal(1.0, 1.0, (1, 4, 8))
    padded = np.concatenate([x, np.zeros((1, 4, 8))], axis=1)
    assert np.abs(BatchNorm(8)(padded, True)[:, :4] - BatchNorm(8)(x, True)).max() > 0.1


@pytest.mark.parametrize(("d", "share", "percent"), [(512, 0.0625, 12.0), (4096, 0.0625, 4.2), (4096, 0.25, 1.9)])
def test_error_of_the_partial_estimate(d: int, share: float, percent: float) -> None:
    """Page: relative standard deviation of the estimate, and the formula √((1/p - 1)/(2n))."""
    assert round(100 * estimate_error(d, share), 1) == percent
    assert 100 * estimate_error(d, share) == pytest.approx(100 * ((1 / share - 1) / (2 * d)) ** 0.5, rel=0.05)


def test_share_counts_the_first_features() -> None:
    x = np.array([[1.0, 1, 9, 9]])
    np.testing.assert_allclose(rms_norm(x, np.ones(4), 0, 0.5), x)  # RMS of (1, 1) is 1, all four are divided by it
