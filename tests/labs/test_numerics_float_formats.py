"""Number formats against NumPy, ml_dtypes and PyTorch; the numbers of docs/numerics/floating-point-formats.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.numerics.float_formats import (
    BF16,
    E2M1,
    E4M3,
    E5M2,
    FORMATS,
    FP16,
    FP32,
    TF32,
    Array,
    Format,
    decode,
    decode_int,
    encode,
    encode_int,
    exact_integers,
    kind,
    neighbours,
    round_to,
)

OTHERS = {"BF16": "bfloat16", "FP8 E5M2": "float8_e5m2", "FP8 E4M3": "float8_e4m3fn", "FP4 E2M1": "float4_e2m1fn"}
UNSIGNED = {4: np.uint8, 8: np.uint8, 16: np.uint16, 32: np.uint32}
STORED = [FP32, BF16, FP16, E5M2, E4M3, E2M1]
"""The formats that NumPy or ml_dtypes has; TF32 is none that memory holds."""


def oracle(f: Format) -> np.dtype[np.generic]:
    """The NumPy or ml_dtypes type that is the format."""
    if f.name in OTHERS:
        ml_dtypes = pytest.importorskip("ml_dtypes", reason="needs ml_dtypes==0.6.0")
        kind: np.dtype[np.generic] = np.dtype(getattr(ml_dtypes, OTHERS[f.name]))
        return kind
    return np.dtype(f.name.replace("FP", "float"))


def values_around(f: Format) -> Array:
    """Numbers of `f`, the middles of neighbours (ties), values just beside those, values too large, and zeros."""
    top = 2 ** (f.bits - 1)
    codes = np.arange(top) if f.bits < 20 else np.random.default_rng(0).integers(0, top, 40_000)
    grid = np.sort(decode(codes[codes < f.beyond], f))
    middles = (grid[1:] + grid[:-1]) / 2
    beside = np.r_[
        np.nextafter(np.float32(middles), np.float32(0)), np.nextafter(np.float32(middles), np.float32(3e38))
    ]
    tail = f.max * np.array([1, 1 + f.eps / 8, 1 + f.eps / 4, 1 + f.eps])
    x = np.r_[grid, middles, beside.astype(float), tail]
    x = np.r_[x, -x, np.inf, -np.inf, *([np.nan] if f.nan else [])]
    if f is not FP32:
        x = np.where(np.isfinite(x), np.float32(np.clip(x, -3.4e38, 3.4e38)), x)  # no double rounding in the oracle
    return np.asarray(x, float)


@pytest.mark.parametrize("f", STORED, ids=lambda f: f.name)
def test_decode_every_code(f: Format) -> None:
    kind = oracle(f)
    codes = np.arange(2**f.bits) if f.bits < 20 else np.random.default_rng(1).integers(0, 2**32, 100_000)
    with np.errstate(invalid="ignore"):  # signalling NaNs
        want = codes.astype(UNSIGNED[f.bits]).view(kind).astype(np.float64)
    got = decode(codes, f)
    np.testing.assert_array_equal(got, want)
    np.testing.assert_array_equal(np.signbit(got[got == 0]), np.signbit(want[got == 0]))


@pytest.mark.parametrize("f", STORED, ids=lambda f: f.name)
def test_encode_rounds_to_nearest_even(f: Format) -> None:
    x = values_around(f)
    with np.errstate(over="ignore"):
        want = x.astype(oracle(f))
    np.testing.assert_array_equal(round_to(x, f), want.astype(np.float64))
    some = ~np.isnan(x) & ~np.isnan(want.astype(np.float64))
    np.testing.assert_array_equal(encode(x, f)[some], want[some].view(UNSIGNED[f.bits]).astype(np.int64))


@pytest.mark.parametrize("f", STORED, ids=lambda f: f.name)
def test_neighbours(f: Format) -> None:
    """Against nextafter, from every number towards the largest of either sign."""
    some = values_around(f)
    x = some[np.isfinite(round_to(some, f))].astype(oracle(f))
    codes = x.view(UNSIGNED[f.bits]).astype(np.int64)
    past = decode(np.array(f.top), f)
    for sign, got in zip((-1, 1), neighbours(codes, f), strict=True):
        end = np.array(sign * f.max).astype(oracle(f))
        inside = x != end
        np.testing.assert_array_equal(got[inside], np.nextafter(x[inside], end).astype(np.float64))
        np.testing.assert_array_equal(got[~inside], np.full((~inside).sum(), sign * past))


@pytest.mark.parametrize("f", STORED, ids=lambda f: f.name)
def test_kind_of_every_code(f: Format) -> None:
    codes = np.arange(2**f.bits) if f.bits < 20 else np.random.default_rng(3).integers(0, 2**32, 5000)
    x = decode(codes, f)
    wanted = np.select(
        [np.isnan(x), np.isinf(x), x == 0, np.abs(x) < f.min_normal], ["nan", "infinite", "zero", "subnormal"], "normal"
    )
    assert [kind(int(code), f) for code in codes] == wanted.tolist()
    below, above = neighbours(codes[np.isnan(x)], f)
    assert np.isnan(below).all() and np.isnan(above).all()


def test_tf32_is_fp32_with_13_bits_rounded_away() -> None:
    bits = np.random.default_rng(2).integers(0, 0x7F7F_0000, 20_000).astype(np.uint32)
    bits[::2] = bits[::2] & ~np.uint32(0x1FFF) | np.uint32(0x1000)  # every second one is a tie
    kept = (bits + np.uint32(0xFFF) + ((bits >> 13) & 1)) & ~np.uint32(0x1FFF)
    np.testing.assert_array_equal(round_to(bits.view(np.float32).astype(float), TF32), kept.view(np.float32))
    assert 32 - TF32.bits == 13


def test_codes_come_back() -> None:
    for f in FORMATS[1:]:
        codes = np.arange(2**f.bits)
        finite = np.isfinite(decode(codes, f))
        np.testing.assert_array_equal(encode(decode(codes[finite], f), f), codes[finite])


def test_torch_agrees_on_the_limits() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    kinds = {FP32: "float32", BF16: "bfloat16", FP16: "float16", E5M2: "float8_e5m2", E4M3: "float8_e4m3fn"}
    for f, name in kinds.items():
        info = torch.finfo(getattr(torch, name))
        assert (info.max, info.smallest_normal, info.eps) == (f.max, f.min_normal, f.eps)
    assert torch.tensor(257.0).bfloat16().item() == round_to(np.array(257.0), BF16) == 256
    # Page: beyond E4M3's 448 PyTorch 2.13 saturates, ml_dtypes gives NaN; E5M2 gives ∞ in both.
    assert torch.tensor(500.0).to(torch.float8_e4m3fn).item() == 448
    assert np.isnan(round_to(np.array(500.0), E4M3))
    assert torch.tensor(70000.0).to(torch.float8_e5m2).float().isinf()


def test_table() -> None:
    """Page: the table of formats."""
    rows = {f.name: (f.bits, f.bias, f"{f.max:.4g}", f"{f.min_normal:.3g}", f"{f.min_subnormal:.2g}") for f in FORMATS}
    assert rows == {
        "FP32": (32, 127, "3.403e+38", "1.18e-38", "1.4e-45"),
        "TF32": (19, 127, "3.401e+38", "1.18e-38", "1.1e-41"),
        "BF16": (16, 127, "3.39e+38", "1.18e-38", "9.2e-41"),
        "FP16": (16, 15, "6.55e+04", "6.1e-05", "6e-08"),
        "FP8 E5M2": (8, 15, "5.734e+04", "6.1e-05", "1.5e-05"),
        "FP8 E4M3": (8, 7, "448", "0.0156", "0.002"),
    }
    assert [exact_integers(f) for f in FORMATS] == [2**24, 2048, 256, 2048, 8, 16]
    assert (FP16.max, E5M2.max, E4M3.max) == (65504, 57344, 448)
    assert (FP16.min_subnormal, BF16.min_subnormal, FP32.min_subnormal) == (2**-24, 2**-133, 2**-149)
    assert TF32.min_subnormal == 2**-136
    assert round(100 * (1 - BF16.max / FP32.max), 1) == 0.4
    assert (E4M3.max, 240, 480) == (1.75 * 2**8, 1.875 * 2**7, 1.875 * 2**8)
    assert (E5M2.min_subnormal, E4M3.min_subnormal, E4M3.min_normal) == (2**-16, 2**-9, 2**-6)
    assert FP16.max == (2 - 2**-10) * 2**15
    assert BF16.max == (2 - 2**-7) * 2.0**127
    assert (f"{FP16.eps:.2g}", f"{BF16.eps:.2g}", f"{FP32.eps:.1e}") == ("0.00098", "0.0078", "1.2e-07")
    assert f"{BF16.max:.4e}" == "3.3895e+38"
    assert [round((f.k + 1) * np.log10(2), 1) for f in (FP32, FP16, BF16)] == [7.2, 3.3, 2.4]


def test_worked_number() -> None:
    """Page: 0.1 in FP16, BF16 and E4M3, bit by bit."""
    codes = [format(int(encode(np.array(0.1), f)), f"0{f.bits}b") for f in (FP16, BF16, E4M3)]
    assert codes == ["0010111001100110", "0011110111001101", "00011101"]
    assert [float(round_to(np.array(0.1), f)) for f in (FP16, BF16, E4M3)] == [
        0.0999755859375,
        0.10009765625,
        0.1015625,
    ]
    assert 2.0**-4 * (1 + 614 / 1024) == 0.0999755859375
    assert int("1001100110", 2) == 614
    assert int("01011", 2) == 11


def test_overflow_underflow_and_rounding() -> None:
    """Page: the four things that can go wrong."""

    def fp16(x: float) -> float:
        return float(round_to(np.array(x), FP16))

    assert (fp16(65519), fp16(65520)) == (65504, np.inf)
    assert (fp16(2**-25), fp16(1.01 * 2**-25), fp16(1e-8)) == (0, 2**-24, 0)
    assert (fp16(2049), fp16(1 + 2**-11)) == (2048, 1)
    assert fp16(1 - 2**-11) == 1 - 2**-11  # below a power of two the spacing is half as large
    assert float(round_to(np.array(3e38), BF16)) < np.inf
    x = np.array([10.0, 12.0])
    with np.errstate(over="ignore", invalid="ignore"):
        e = round_to(np.exp(x), FP16)
        assert (e[0], e[1]) == (22032, np.inf)
        naive = e / e.sum()
    assert np.isnan(naive[1])
    safe = np.exp(x - x.max()) / np.exp(x - x.max()).sum()
    np.testing.assert_allclose(round_to(safe, FP16), [0.1192, 0.8808], atol=1e-4)
    assert round(float(np.log(FP16.max)), 2) == 11.09
    assert fp16(256.0**2) == np.inf
    assert fp16(255.0**2) == 65024


def test_integers_against_ml_dtypes() -> None:
    np.testing.assert_array_equal(decode_int(np.arange(256), 8), np.arange(256).astype(np.uint8).view(np.int8))
    ml_dtypes = pytest.importorskip("ml_dtypes", reason="needs ml_dtypes==0.6.0")
    want = np.arange(16).astype(ml_dtypes.uint4).view(ml_dtypes.int4).astype(float)
    np.testing.assert_array_equal(decode_int(np.arange(16), 4), want)
    for bits in (4, 8):
        codes = np.arange(2**bits)
        np.testing.assert_array_equal(encode_int(decode_int(codes, bits), bits), codes)
    assert decode_int(encode_int(np.array([-9.0, 2.5, 99.0]), 4), 4).tolist() == [-8, 2, 7]


def test_numbers_of_the_playground() -> None:
    """docs/playground/float-bits.md: where FP16 overflows, both sides of 1, and the errors of 0.1."""
    assert (65504 + 65536) / 2 == 65520
    below, above = neighbours(encode(np.array(1.0), FP16), FP16)
    assert (float(1 - below), float(above - 1)) == (2.0**-11, 2.0**-10)
    tenth = {f.name: float(round_to(np.array(0.1), f)) - 0.1 for f in (TF32, FP16, BF16, E2M1)}
    assert tenth["TF32"] == tenth["FP16"]
    assert round(tenth["BF16"] / tenth["FP16"]) == -4
    assert tenth["FP4 E2M1"] == -0.1
