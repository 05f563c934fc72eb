"""QLoRA against SciPy's normal quantiles, a naive loop and PyTorch, and the numbers of docs/finetuning/qlora.md."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from labs.finetuning import lora
from labs.finetuning.peft_params import ALL_LINEAR, LAYERS, LINEAR, TOTAL
from labs.finetuning.peft_params import lora as lora_parameters
from labs.finetuning.qlora import (
    NF4,
    base_bytes,
    bits,
    dequantize,
    dequantize_constants,
    forward,
    quantize,
    quantize_constants,
)
from labs.foundations.decoder_params import LLAMA_65B

INT4 = np.arange(-7, 8) / 7


def test_values_are_normal_quantiles() -> None:
    """Page: 8 positive and 7 negative quantiles between 0.5 and 0.9677083, and 0, over the largest."""
    positive = norm.ppf(np.linspace(0.9677083, 0.5, 9)[:-1])
    negative = -norm.ppf(np.linspace(0.9677083, 0.5, 8)[:-1])
    values = np.sort(np.r_[negative, 0, positive]) / positive.max()
    np.testing.assert_allclose(NF4, values, atol=1e-6)
    assert ((NF4 > 0).sum(), (NF4 < 0).sum(), (NF4 == 0).sum()) == (8, 7, 1)
    assert (round(NF4[8], 3), round(NF4[6], 3)) == (0.08, -0.091)


def test_quantize_takes_the_nearest_value() -> None:
    w = np.random.default_rng(0).standard_normal((4, 64))
    codes, absmax = quantize(w)
    for row, code, largest in zip(w, codes, absmax, strict=True):
        assert largest == max(abs(v) for v in row)
        assert code.tolist() == [int(np.argmin([abs(v / largest - t) for t in NF4])) for v in row]
    back = dequantize(codes, absmax, w.shape)
    assert np.all(np.abs(back - w) <= np.diff(NF4).max() / 2 * absmax[:, None] + 1e-12)
    again = quantize(back)
    np.testing.assert_array_equal(again[0], codes)


def test_zero_stays_zero_and_the_largest_is_exact() -> None:
    w = np.random.default_rng(1).standard_normal((1, 64))
    w[0, 5] = 0
    back = dequantize(*quantize(w), w.shape)
    assert back[0, 5] == 0
    assert not np.any(dequantize(*quantize(np.zeros((2, 64))), (2, 64)))
    largest = np.abs(w).argmax()
    assert abs(back[0, largest]) == abs(w[0, largest])


def test_error_on_normal_weights() -> None:
    """Page: blocks of 64: NF4 9.2 % of σ, even levels 10.8 %; double quantisation leaves 9.2 %."""
    w = np.random.default_rng(0).standard_normal((512, 512))

    def rms(back: np.typing.NDArray[np.float64]) -> float:
        return round(100 * float(np.sqrt(((back - w) ** 2).mean())), 1)

    codes, absmax = quantize(w)
    assert rms(dequantize(codes, absmax, w.shape)) == 9.2
    assert rms(dequantize(*quantize(w, table=INT4), w.shape, INT4)) == 10.8
    again = dequantize_constants(quantize_constants(absmax), len(absmax))
    assert np.abs(again / absmax - 1).max() < 0.01
    assert rms(dequantize(codes, again, w.shape)) == 9.2
    share = np.bincount(codes.ravel(), minlength=16) / w.size
    assert (round(100 * share.min(), 1), round(100 * share.max(), 1)) == (1.7, 9.2)


def test_outlier_spoils_only_its_block() -> None:
    """Page: one weight of 20 σ among 4096: its own block loses its small values, the other 63 do not change."""
    w = np.random.default_rng(2).standard_normal(4096)
    spoilt = w.copy()
    spoilt[10] = 20
    before, after = (dequantize(*quantize(v), v.shape) for v in (w, spoilt))
    np.testing.assert_array_equal(before[64:], after[64:])
    whole = dequantize(*quantize(spoilt, block=4096), spoilt.shape)
    error = [np.sqrt(((back - spoilt) ** 2).mean()) for back in (after, whole)]
    assert (round(float(error[0]), 2), round(float(error[1]), 2)) == (0.11, 0.49)


def test_bits() -> None:
    """Page: 4.5, 4.127, saving 0.373."""
    assert bits(double=False) == 4.5
    assert round(bits(), 3) == 4.127
    assert round(4.5 - bits(), 3) == 0.373
    assert (32 / 64, round(8 / 64 + 32 / (64 * 256), 3)) == (0.5, 0.127)


def test_forward_is_a_dequantised_product_and_a_branch() -> None:
    rng = np.random.default_rng(3)
    w, x, a, b = (rng.standard_normal(s) for s in [(32, 64), (5, 64), (4, 64), (32, 4)])
    codes, absmax = quantize(w)
    constants = quantize_constants(absmax)
    base = dequantize(codes, dequantize_constants(constants, len(codes)), w.shape)
    got = forward(x, codes, constants, w.shape, a, b, 2.0)
    np.testing.assert_allclose(got, x @ base.T + 2 * x @ a.T @ b.T, atol=1e-12)
    np.testing.assert_allclose(got, x @ lora.merge(base, a, b, 2.0).T, atol=1e-12)


def test_gradient_passes_through_the_frozen_weight() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(4)
    w, x, a, b, grad = (rng.standard_normal(s) for s in [(32, 64), (5, 64), (4, 64), (32, 4), (5, 32)])
    codes, absmax = quantize(w)
    base = dequantize(codes, absmax, w.shape)
    tx, ta, tb = (torch.tensor(v, requires_grad=True) for v in (x, a, b))
    frozen = torch.from_numpy(NF4)[torch.from_numpy(codes).long()] * torch.from_numpy(absmax)[:, None]
    (tx @ frozen.reshape(32, 64).T + 2 * tx @ ta.T @ tb.T).backward(torch.from_numpy(grad))
    for got, want in zip(lora.backward(x, base, a, b, 2.0, grad), (ta.grad, tb.grad, tx.grad), strict=True):
        np.testing.assert_allclose(got, want.numpy(), atol=1e-10)


def test_quantising_a_merged_weight_again_costs() -> None:
    """Page: a change of 2 % of the weights' size leaves 99.98 % of the codes as they were: it is lost."""
    rng = np.random.default_rng(5)
    base = dequantize(*quantize(rng.standard_normal((256, 256))), (256, 256))
    change = rng.standard_normal((256, 4)) @ rng.standard_normal((4, 256))  # rank 4
    change *= 0.02 / change.std()
    before, _ = quantize(base)
    after, absmax = quantize(base + change)
    assert round(100 * float((before == after).mean()), 2) == 99.98
    lost = dequantize(after, absmax, base.shape) - base - change
    assert np.linalg.norm(lost) > np.linalg.norm(change)


def test_memory() -> None:
    """Page: 107.8 → 16.0 → 6.4 GB for LLaMA-2-7B with r = 64; 65B: base 130.6 → 34.5 GB."""
    linear = LAYERS * sum(d * k for d, k in LINEAR.values())
    branch = 16 * lora_parameters(64, ALL_LINEAR)
    base = base_bytes(linear, TOTAL - linear, bits())
    assert round(linear / 1e9, 2) == 6.48
    assert round(linear * bits() / 8 / 1e9, 2) == 3.34
    assert round((TOTAL - linear) * 2 / 1e9, 2) == 0.52
    assert round(base / 1e9, 1) == 3.9
    assert round(branch / 1e9, 1) == 2.6
    assert round((base + branch) / 1e9, 1) == 6.4
    big = LLAMA_65B
    in_blocks = big.layers * (big.attention() + big.mlp())
    assert round(2 * big.total() / 1e9, 1) == 130.6
    assert round(base_bytes(in_blocks, big.total() - in_blocks, bits()) / 1e9, 1) == 34.5
    assert round(big.total() * 0.373 / 8 / 1e9, 1) == 3.0
