"""Block-wise quantisation against naive loops, ml_dtypes and PyTorch; docs/numerics/blockwise-quantization.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.attention.fp8_incoherent import round_e4m3
from labs.finetuning.peft_params import ALL_LINEAR, lora
from labs.finetuning.qlora import NF4, bits, dequantize, quantize
from labs.numerics.blockwise import (
    Array,
    absmax_int,
    decode_seconds,
    fp8_tiles,
    normal_float,
    restore,
    rms_error,
    turning_batch,
)
from labs.numerics.float_formats import E4M3, E5M2

A100_FLOPS, A100_BANDWIDTH = 312e12, 1555e9
LLAMA_7B = 6_738_415_616


def normal(n: int = 65_536, seed: int = 0) -> Array:
    return np.random.default_rng(seed).standard_normal(n)


def test_absmax_is_the_nearest_of_the_grid() -> None:
    x = normal(512)
    q, scale = absmax_int(x, 4, 64)
    for row, codes, s in zip(x.reshape(8, 64), q, scale, strict=True):
        assert abs(s - max(abs(v) for v in row) / 7) < 1e-15
        assert codes.tolist() == [min(range(-7, 8), key=lambda k: abs(k * s - v)) for v in row]
    assert np.abs(restore(q, scale) - x).max() <= scale.max() / 2 + 1e-12


def test_int8_equals_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    x = normal(1024)
    q, scale = absmax_int(x, 8, 128)
    for row, codes, s in zip(x.reshape(8, 128), q, scale, strict=True):
        theirs = torch.fake_quantize_per_tensor_affine(torch.tensor(row), float(s), 0, -127, 127)
        np.testing.assert_allclose(codes * s, theirs.numpy(), rtol=1e-6, atol=1e-9)


def test_zero_block() -> None:
    assert not restore(*absmax_int(np.zeros(64), 8, 32)).any()


def test_worked_block() -> None:
    """Page: the block of four, once alone and once with an outlier."""
    x = np.array([0.1, -0.3, 0.7, 0.04])
    q, scale = absmax_int(x, 4, 4)
    assert (q.tolist(), round(float(scale[0]), 12)) == ([[1, -3, 7, 0]], 0.1)
    np.testing.assert_allclose(restore(q, scale), [0.1, -0.3, 0.7, 0], atol=1e-12)
    y = np.array([0.1, -0.3, 7.0, 0.04])
    assert restore(*absmax_int(y, 4, 4)).tolist() == [0, 0, 7, 0]


def test_sizes_of_blocks() -> None:
    """Page: the table and the figure of error against block size."""
    clean = normal()
    x = clean.copy()
    x[::4096] = 50
    sizes = (32, 64, 128, 4096)
    assert [round(rms_error(clean, 4, k), 2) for k in sizes] == [0.10, 0.11, 0.12, 0.16]
    assert [round(rms_error(x, 4, k), 2) for k in sizes] == [0.13, 0.17, 0.21, 1.00]
    assert [round(rms_error(clean, 8, k), 3) for k in sizes] == [0.005, 0.006, 0.006, 0.009]
    assert [round(rms_error(x, 8, k), 3) for k in sizes] == [0.011, 0.015, 0.021, 0.114]
    assert [round(rms_error(v, 4, 16), 2) for v in (clean, x)] == [0.09, 0.11]
    q, _ = absmax_int(x, 4, 4096)
    assert round(100 * float((q == 0).mean()), 1) == 99.9
    assert [round(32 / k, 3) for k in (*sizes, 2048)] == [1, 0.5, 0.25, 0.008, 0.016]


def test_maximum_instead_of_absmax_breaks() -> None:
    """Page: with the maximum as constant, −0.9 in a block whose maximum is 0.3 would need −3 of the range."""
    x = np.array([0.3, -0.9, 0.1, 0.2])
    assert np.abs(x / x.max()).max() == pytest.approx(3)
    assert np.abs(x / np.abs(x).max()).max() == 1


def test_normal_float() -> None:
    """Page: the formula gives the 16 published values; δ = 929/960; quantile 1 would be infinite."""
    np.testing.assert_allclose(normal_float(), NF4, atol=1e-6)
    assert pytest.approx(0.5 * ((1 - 1 / 30) + (1 - 1 / 32)), abs=1e-15) == 929 / 960
    assert round(929 / 960, 7) == 0.9677083
    assert ((NF4 < 0).sum(), (NF4 == 0).sum(), (NF4 > 0).sum()) == (7, 1, 8)
    steps = np.diff(NF4)
    assert (round(steps.min(), 3), round(steps.max(), 3), round(steps.max() / steps.min(), 1)) == (0.08, 0.304, 3.8)


def test_tables_of_four_bits() -> None:
    """Page: error of 4-bit tables on normal and on uniform weights, blocks of 64."""
    int4 = np.arange(-7, 8) / 7
    e2m1 = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 6]) / 6
    fp4 = np.unique(np.r_[-e2m1, e2m1])
    uniform = np.random.default_rng(1).uniform(-1, 1, 65_536)

    def percent(x: Array, table: Array) -> float:
        back = dequantize(*quantize(x, table=table), x.shape, table)
        return round(100 * float(np.sqrt(((back - x) ** 2).mean()) / x.std()), 1)

    assert [percent(normal(), t) for t in (NF4, fp4, int4)] == [9.2, 10.5, 10.8]
    assert [percent(uniform, t) for t in (NF4, fp4, int4)] == [9.1, 10.8, 7.0]


def test_fp4_table_against_ml_dtypes() -> None:
    ml_dtypes = pytest.importorskip("ml_dtypes", reason="needs ml_dtypes==0.6.0")
    values = np.arange(8).astype(np.uint8).view(ml_dtypes.float4_e2m1fn).astype(float)
    assert values.tolist() == [0, 0.5, 1, 1.5, 2, 3, 4, 6]


def test_fp8_tiles() -> None:
    """docs/numerics/mixed-precision.md: an outlier in one tile, one scale for all or for 1 × 128."""
    rng = np.random.default_rng(3)
    x = rng.standard_normal((128, 512))
    want = np.stack([round_e4m3(t / (np.abs(t).max() / 448)) * (np.abs(t).max() / 448) for t in x.reshape(-1, 128)])
    np.testing.assert_allclose(fp8_tiles(x, (1, 128)), want.reshape(x.shape), atol=1e-12)
    x = x * 1e-3
    x[0, 0] = 300.0
    zeros = [float((fp8_tiles(x, t) == 0).mean()) for t in ((128, 512), (128, 128), (1, 128))]
    assert [round(100 * z, 1) for z in zeros] == [48.6, 12.2, 0.1]
    assert (E4M3.eps / 2, E5M2.eps / 2) == (1 / 16, 1 / 8)


def test_bits() -> None:
    """Page: what the constants cost."""
    assert (bits(double=False), round(bits(), 3)) == (4.5, 4.127)
    assert (32 / 64, 8 / 64, round(32 / (64 * 256), 4)) == (0.5, 0.125, 0.002)
    assert round(4.5 - bits(), 3) == 0.373
    assert [round(bits(k, double=False), 3) for k in (32, 64, 128)] == [5.0, 4.5, 4.25]
    assert [round(bits(k), 3) for k in (32, 64, 128)] == [4.254, 4.127, 4.063]
    assert round(LLAMA_7B * 0.373 / 8 / 1e9, 2) == 0.31


def test_decoding() -> None:
    """Page: LLaMA-2-7B on an A100 (312 TFLOPS, 1555 GB/s): bounds for 16, 8 and 4.127 bits."""
    ms = [1e3 * decode_seconds(LLAMA_7B, b, 1, A100_FLOPS, A100_BANDWIDTH) for b in (16, 8, bits())]
    assert [round(v, 2) for v in ms] == [8.67, 4.33, 2.24]
    assert round(ms[0] / ms[2], 1) == 3.9
    assert [round(turning_batch(b, A100_FLOPS, A100_BANDWIDTH)) for b in (16, 8, bits())] == [201, 100, 52]
    large = [1e3 * decode_seconds(LLAMA_7B, b, 512, A100_FLOPS, A100_BANDWIDTH) for b in (16, bits())]
    assert [round(v, 1) for v in large] == [22.1, 22.1]


def test_paged() -> None:
    """Page: the Adam states of LoRA, r = 64, on all linear layers of LLaMA-2-7B: what can be paged."""
    assert round(8 * lora(64, ALL_LINEAR) / 1e9, 2) == 1.28
