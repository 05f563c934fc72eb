"""Block layouts against the official `gguf` package, byte for byte; numbers of gguf-format.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.serving.gguf_blocks import bits_per_weight, q4_0, q4_1, q8_0, read_q4_0
from labs.serving.k_quants import BPW, flat_q4, more_bits, pack6, q4_k, q4_k_m

gguf = pytest.importorskip("gguf", reason="needs gguf==0.19.0")
TYPES = gguf.GGMLQuantizationType


def weights(seed: int = 0) -> np.ndarray:
    """64 super-blocks of normal weights, the first block all zero, some blocks one-sided or with a tie."""
    x = np.random.default_rng(seed).standard_normal(256 * 64).astype(np.float32)
    x[:32] = 0
    x[32:64] = np.abs(x[32:64])
    x[64:66] = [3, -3]
    return x


@pytest.mark.parametrize(("encode", "name"), [(q8_0, "Q8_0"), (q4_0, "Q4_0"), (q4_1, "Q4_1")])
@pytest.mark.parametrize("scale", [1.0, 1e-3, 100.0])
def test_bytes_equal_gguf(encode: object, name: str, scale: float) -> None:
    x = weights() * np.float32(scale)
    assert callable(encode)
    np.testing.assert_array_equal(encode(x).ravel(), gguf.quants.quantize(x, TYPES[name]))


def test_reading_q4_0() -> None:
    data = q4_0(weights())
    np.testing.assert_array_equal(read_q4_0(data).ravel(), gguf.quants.dequantize(data.ravel(), TYPES.Q4_0))


def test_the_extreme_weight_is_minus_eight() -> None:
    """Page: the weight of largest magnitude always lands on q = 0."""
    x = weights()[64:96]
    data = q4_0(x)
    q = np.hstack([data[:, 2:] & 15, data[:, 2:] >> 4])[0]
    assert q[np.abs(x).argmax()] == 0


def test_q4_k_bytes_are_read_back_by_gguf() -> None:
    """What gguf decodes from our bytes is d·s·q − dmin·m with the numbers that we packed."""
    rng = np.random.default_rng(1)
    scale, minimum = (rng.integers(0, 64, size=(50, 8)).astype(np.uint8) for _ in range(2))
    got_scale, got_minimum = gguf.quants.Q4_K.get_scale_min(pack6(scale, minimum))
    np.testing.assert_array_equal(got_scale, scale)
    np.testing.assert_array_equal(got_minimum, minimum)
    x = weights()
    data = q4_k(x)
    assert data.shape == (64, gguf.GGML_QUANT_SIZES[TYPES.Q4_K][1])
    back = gguf.quants.dequantize(data.ravel(), TYPES.Q4_K)
    steps = (x.reshape(-1, 32).max(1) - np.minimum(x.reshape(-1, 32).min(1), 0)) / 15  # (512,)
    # half a step, plus half a step of the 6-bit minimum and 15 half steps of the 6-bit scale
    limit = 0.5 * steps + 8.5 / 126 * np.repeat(np.abs(x).reshape(-1, 256).max(1), 8) + 1e-3
    assert (np.abs(back - x).reshape(-1, 32).max(1) <= limit).all()


def test_errors() -> None:
    """Page: RMS on normal weights; Q4_K has Q4_1's error at Q4_0's size."""
    x = np.random.default_rng(0).standard_normal(256 * 64).astype(np.float32)

    def rms(back: np.ndarray) -> float:
        return round(float(np.sqrt(np.mean((back.ravel() - x) ** 2))), 4)

    assert rms(read_q4_0(q4_0(x))) == 0.0857
    assert rms(gguf.quants.dequantize(gguf.quants.quantize(x, TYPES.Q4_1), TYPES.Q4_1)) == 0.0775
    assert rms(flat_q4(x)) == 0.0775
    assert rms(gguf.quants.dequantize(q4_k(x).ravel(), TYPES.Q4_K)) == 0.0774


def test_bits_per_weight_against_gguf() -> None:
    """Page: both tables, from the layout and from the package's sizes."""
    layout = {
        "Q8_0": bits_per_weight(8, 32, 0, 0, 0, 1),
        "Q4_0": bits_per_weight(4, 32, 0, 0, 0, 1),
        "Q4_1": bits_per_weight(4, 32, 0, 0, 0, 2),
        "Q5_0": bits_per_weight(5, 32, 0, 0, 0, 1),
        "Q2_K": bits_per_weight(2, 256, 16, 4, 2, 2),
        "Q3_K": bits_per_weight(3, 256, 16, 6, 1, 1),
        "Q4_K": bits_per_weight(4, 256, 8, 6, 2, 2),
        "Q5_K": bits_per_weight(5, 256, 8, 6, 2, 2),
        "Q6_K": bits_per_weight(6, 256, 16, 8, 1, 1),
    }
    for name, bits in layout.items():
        block, size = gguf.GGML_QUANT_SIZES[TYPES[name]]
        assert bits == size * 8 / block
        assert BPW.get(name, bits) == bits
    sizes = {n: gguf.GGML_QUANT_SIZES[TYPES[n]] for n in ("Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q4_K")}
    assert sizes == {"Q8_0": (32, 34), "Q4_0": (32, 18), "Q4_1": (32, 20), "Q5_0": (32, 22), "Q4_K": (256, 144)}
    low = {n: gguf.GGML_QUANT_SIZES[TYPES[n]] for n in ("IQ2_XXS", "IQ1_S", "IQ4_XS")}
    assert [round(s * 8 / b, 2) for b, s in low.values()] == [2.06, 1.56, 4.25]
    assert (gguf.GGUF_MAGIC.to_bytes(4, "little"), gguf.GGUF_VERSION, gguf.GGUF_DEFAULT_ALIGNMENT) == (b"GGUF", 3, 32)


def test_mixture() -> None:
    """Page: 16 of 32 layers get more; mean bits and size of LLaMA-2-7B and LLaMA-3-8B as Q4_K_M."""
    assert sum(more_bits(i, 32) for i in range(32)) == 16
    bits, size = q4_k_m(32, 4096, 11_008, 4096, 32_000)
    assert (round(bits, 2), round(size / 1e9, 2), round(size / 2**30, 2)) == (4.84, 4.08, 3.80)
    bits, size = q4_k_m(32, 4096, 14_336, 1024, 128_256)
    assert (round(bits, 2), round(size / 2**30, 2)) == (4.89, 4.57)
    assert round(7.6e9 * 4.9 / 8 / 1e9, 1) == 4.7


def test_perplexities_of_the_pull_request() -> None:
    """Page: from Q4_K_S to Q4_K_M the loss halves for 7 % more bytes (figures of PR 1684)."""
    assert round((5.9601 - 5.9066) / (6.0215 - 5.9066), 1) == 0.5
    assert round(3.80 / 3.56 - 1, 2) == 0.07
