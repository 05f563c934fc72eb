"""Weight quantisation against PyTorch and least squares; numbers of weight-quantization-awq.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.serving.awq import (
    Array,
    awq,
    awq_scale,
    correlated_inputs,
    int8,
    keep_columns,
    outlier_inputs,
    output_error,
    rtn,
    scaled,
    smooth_scale,
)
from labs.serving.gptq import gptq, rounder

W = np.random.default_rng(5).standard_normal((256, 256)) * 0.05


def errors(kind: str, n: int = 512) -> list[float]:
    """Held-out output errors at 3 bits, groups of 128: RTN, AWQ, GPTQ, AWQ then GPTQ."""
    make = outlier_inputs if kind == "outliers" else correlated_inputs
    x, held = make(n, 256, np.random.default_rng(1)), make(n, 256, np.random.default_rng(2))
    best, ratio = awq(x, W, 3, 128)
    s = awq_scale(x, ratio)
    both = gptq(x / s, W * s, rounder(W * s, 3, 128)) / s
    found = [rtn(W, 3, 128), best, gptq(x, W, rounder(W, 3, 128)), both]
    return [round(output_error(held, W, w), 3) for w in found]


@pytest.mark.parametrize("bits", [3, 4, 8])
def test_rtn_against_torch(bits: int) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    w = np.random.default_rng(bits).standard_normal((12, 32)).astype(np.float32)
    low, high = np.minimum(w.min(1), 0), np.maximum(w.max(1), 0)
    step = (high.astype(np.float64) - low) / (2**bits - 1)
    zero = np.rint(-low / step)
    want = torch.fake_quantize_per_channel_affine(
        torch.from_numpy(w),
        torch.from_numpy(step.astype(np.float32)),
        torch.from_numpy(zero.astype(np.int32)),
        0,
        0,
        2**bits - 1,
    )
    np.testing.assert_allclose(rtn(w.astype(np.float64), bits, 32), want.numpy(), atol=1e-6)


def test_scaling_by_one_is_rtn_and_the_product_is_kept() -> None:
    np.testing.assert_array_equal(scaled(W, np.ones(256), 3, 128), rtn(W, 3, 128))
    x = outlier_inputs(64, 256, np.random.default_rng(0))
    s = awq_scale(x, 0.4)
    np.testing.assert_allclose((x / s) @ (W * s).T, x @ W.T, atol=1e-10)
    assert s.max() * s.min() == pytest.approx(1)


def test_gptq_step_is_least_squares() -> None:
    """Page: after each column the rest is what lstsq would make it, given what is already rounded."""
    rng = np.random.default_rng(3)
    x, w = correlated_inputs(80, 32, rng, rank=8), rng.standard_normal((3, 32))[:, :32]
    rounded: list[Array] = []
    seen: list[Array] = []

    def quantise(column: Array) -> Array:
        seen.append(column.copy())
        rounded.append(np.rint(column * 4) / 4)
        return rounded[-1]

    gptq(x, w, quantise, damp=0.0)
    for i in range(1, 32):
        done = np.stack(rounded[:i], axis=1)  # (3, i)
        rest = np.linalg.lstsq(x[:, i:], x @ w.T - x[:, :i] @ done.T, rcond=None)[0].T  # (3, 32 − i)
        np.testing.assert_allclose(seen[i], rest[:, 0], atol=1e-7)


def test_which_channels_matter() -> None:
    """Page: keeping 4 of 256 channels, chosen at all, by weight, by activation."""
    x, held = (outlier_inputs(512, 256, np.random.default_rng(seed)) for seed in (1, 2))
    by_weight = keep_columns(W, np.abs(W).mean(0), 4 / 256, 3, 128)
    by_input = keep_columns(W, np.abs(x).mean(0), 4 / 256, 3, 128)
    got = [round(output_error(held, W, w), 3) for w in (rtn(W, 3, 128), by_weight, by_input)]
    assert got == [0.217, 0.217, 0.080]


def test_table_of_methods() -> None:
    """Page: RTN, AWQ, GPTQ and both on two kinds of inputs; more calibration data helps GPTQ on the first."""
    assert errors("outliers") == [0.217, 0.133, 0.241, 0.150]
    assert errors("correlated") == [0.214, 0.210, 0.068, 0.067]
    x, held = (outlier_inputs(2048, 256, np.random.default_rng(seed)) for seed in (1, 2))
    assert round(output_error(held, W, gptq(x, W, rounder(W, 3, 128))), 3) == 0.223


def test_best_exponent() -> None:
    """Page and figure: the minimum of the grid is at 0.3."""
    assert awq(outlier_inputs(512, 256, np.random.default_rng(1)), W, 3, 128)[1] == pytest.approx(0.3)


def test_smoothing() -> None:
    """Page: int8 with one step per tensor, 0.060 before and 0.021 after."""
    x = outlier_inputs(512, 256, np.random.default_rng(1))
    s = smooth_scale(x, W)
    want = x @ W.T

    def error(got: Array) -> float:
        return round(float(np.linalg.norm(got - want) / np.linalg.norm(want)), 3)

    assert error(int8(x) @ int8(W).T) == 0.060
    assert error(int8(x / s) @ int8(W * s).T) == 0.021


def test_size_of_a_4_bit_7b() -> None:
    """Page: 4.16 bits per weight with a 16-bit step and a 4-bit zero per 128; 3.9 GB with 16-bit embeddings."""
    bits = 4 + 20 / 128
    assert round(bits, 2) == 4.16
    linear = 32 * (4 * 4096**2 + 3 * 4096 * 11_008)
    total = linear * bits / 8 + 2 * 32_000 * 4096 * 2
    assert round(total / 1e9, 1) == 3.9
