"""Labs of the page `flash-attention` (tiles, traffic, backward); numbers printed there are asserted here."""

from __future__ import annotations

from math import log2
from typing import Any

import numpy as np
import pytest

from labs.attention.flash_attention import HBM, Array, flash_v1, flash_v2, standard
from labs.attention.flash_backward import flash_backward
from labs.attention.flash_io import block_sizes, intensity, on_chip, standard_traffic, v1_traffic, v2_traffic

TILES = [(16, 32), (32, 16), (24, 40), (100, 100), (1, 7)]


def qkv(n: int, d: int, seed: int = 0) -> tuple[Array, Array, Array]:
    q, k, v = np.random.default_rng(seed).normal(size=(3, n, d)) * 3
    return q, k, v


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize(("b_r", "b_c"), TILES)
def test_forward_and_backward_match_torch(b_r: int, b_c: int, causal: bool) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    q, k, v = qkv(96, 16)
    do = np.random.default_rng(1).normal(size=q.shape)
    leaves = [torch.tensor(x, requires_grad=True) for x in (q, k, v)]
    out = torch.nn.functional.scaled_dot_product_attention(*leaves, is_causal=causal)
    out.backward(torch.tensor(do))
    want = out.detach().numpy()
    o, lse = flash_v2(q, k, v, b_r, b_c, HBM(), causal)
    np.testing.assert_allclose(o, want, rtol=0, atol=1e-12)
    np.testing.assert_allclose(flash_v1(q, k, v, b_r, b_c, HBM(), causal), want, rtol=0, atol=1e-12)
    np.testing.assert_allclose(standard(q, k, v, HBM(), causal), want, rtol=0, atol=1e-12)
    for got, leaf in zip(flash_backward(q, k, v, o, lse, do, b_r, b_c, causal), leaves, strict=True):
        np.testing.assert_allclose(got, leaf.grad.numpy(), rtol=0, atol=1e-11)


@pytest.mark.parametrize("causal", [False, True])
def test_tiles_agree_with_the_naive_result(causal: bool) -> None:
    q, k, v = qkv(80, 8)
    want = standard(q, k, v, HBM(), causal)
    for b_r, b_c in TILES:
        np.testing.assert_allclose(flash_v1(q, k, v, b_r, b_c, HBM(), causal), want, rtol=0, atol=1e-12)
        np.testing.assert_allclose(flash_v2(q, k, v, b_r, b_c, HBM(), causal)[0], want, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("n", "d"), [(64, 8), (100, 16)])
@pytest.mark.parametrize(("b_r", "b_c"), TILES)
def test_closed_forms_are_what_the_counter_counts(n: int, d: int, b_r: int, b_c: int) -> None:
    q, k, v = qkv(n, d)
    naive, one, two = HBM(), HBM(), HBM()
    standard(q, k, v, naive)
    flash_v1(q, k, v, b_r, b_c, one)
    flash_v2(q, k, v, b_r, b_c, two)
    assert naive.traffic == standard_traffic(n, d)
    assert one.traffic == v1_traffic(n, d, b_c)
    assert two.traffic == v2_traffic(n, d, b_r)


def test_page_example() -> None:
    """Page: M = 65536, d = 64, N = 4096; the table of traffic and FLOP per byte (FP16)."""
    n, d, sram = 4096, 64, 65536
    b_r, b_c = block_sizes(sram, d)
    assert (b_r, b_c) == (64, 256)
    assert on_chip(b_r, b_c, d) == on_chip(b_c, b_r, d) == 57344 < sram
    assert n // b_c == 16
    moved = [standard_traffic(n, d), v1_traffic(n, d, b_c), v2_traffic(n, d, 256)]
    assert [round(x / 1e6, 1) for x in moved] == [68.2, 13.6, 8.9]
    assert [round(x * 2 / 2**20) for x in moved] == [130, 26, 17]
    assert [round(moved[0] / x, 1) for x in moved] == [1.0, 5.0, 7.6]
    assert [round(intensity(n, d, x)) for x in moved] == [32, 157, 241]
    assert round(312e12 / 2.0e12) == 156  # A100: FLOPs/s of FP16 matmul over bytes/s of HBM
    assert n * n * 2 / 2**20 == 32  # one (N, N) matrix in FP16, MiB
    # Page: with 128 x 128 tiles version 2 moves more than version 1 does with 64 x 256.
    assert on_chip(128, 128, d) == 49152
    assert round(v2_traffic(n, d, 128) / 1e6, 1) == 17.3
    # Page: the formula of the block sizes is one of orders only; here its tiles do not fit.
    assert on_chip(*block_sizes(16384, d), d) == 20480 > 16384


def test_small_tiles_lose_to_standard_attention() -> None:
    """Page: v1 needs about B_c > 3d/4 = 48 (M > 3d²) to beat standard attention, v2 B_r > d/2 = 32."""
    n, d = 4096, 64
    assert v1_traffic(n, d, 48) > standard_traffic(n, d) > v1_traffic(n, d, 56)
    assert v2_traffic(n, d, 31) > standard_traffic(n, d) > v2_traffic(n, d, 33)


def test_orders_of_growth() -> None:
    """Page: Θ(Nd + N²) for standard attention, Θ(N²d²/M) for FlashAttention."""
    big = 2**16

    def v1(n: int, d: int, sram: int) -> int:
        return v1_traffic(n, d, block_sizes(sram, d)[1])

    base = v1(big, 64, 2**14)
    assert log2(v1(2 * big, 64, 2**14) / base) == pytest.approx(2, abs=0.02)  # N doubled: four times
    assert log2(v1(big, 128, 2**14) / base) == pytest.approx(2, abs=0.02)  # d doubled: four times
    assert log2(v1(big, 64, 2**15) / base) == pytest.approx(-1, abs=0.02)  # M doubled: half
    assert base / (big**2 * 64**2 / 2**14) == pytest.approx(12, rel=0.03)  # the constant on the page
    assert standard_traffic(big, 64) / big**2 == pytest.approx(4, rel=0.01)
    assert standard_traffic(big, 128) / standard_traffic(big, 64) == pytest.approx(1, abs=0.01)  # d hardly matters


class FlopCounter(np.ndarray[tuple[int, ...], np.dtype[np.float64]]):
    """An array whose matrix products are counted."""

    flops = 0

    def __array_ufunc__(self, ufunc: Any, method: Any, *inputs: Any, **kwargs: Any) -> Any:
        plain = [x.view(np.ndarray) if isinstance(x, FlopCounter) else x for x in inputs]
        if ufunc is np.matmul:
            FlopCounter.flops += 2 * plain[0].shape[0] * plain[0].shape[1] * plain[1].shape[1]
        if "out" in kwargs:
            kwargs["out"] = tuple(x.view(np.ndarray) for x in kwargs["out"])
        return np.asarray(getattr(ufunc, method)(*plain, **kwargs)).view(FlopCounter)


def test_extra_memory_and_flops() -> None:
    """Page: v2 saves one number a row; 4 N²d FLOPs forward, 10 N²d backward against 8 N²d with P stored."""
    n, d = 64, 8
    q, k, v = (x.view(FlopCounter) for x in qkv(n, d))
    o, lse = flash_v2(q, k, v, 16, 16, HBM())
    assert lse.shape == (n,)
    forward, FlopCounter.flops = FlopCounter.flops, 0
    flash_backward(q, k, v, o, lse, np.ones((n, d)).view(FlopCounter), 16, 16)
    assert (forward, FlopCounter.flops) == (4 * n * n * d, 10 * n * n * d)
    # With P stored the scores are not computed again: one product of 2 N²d less, hence 12 against 14 N²d.
    assert round((forward + FlopCounter.flops) / (12 * n * n * d) - 1, 2) == 0.17


def test_ratios_of_the_papers_figure_2() -> None:
    """Page: GPT-2 medium on A100: 13 % more FLOPs, 9.2 times less HBM traffic, 5.7 times faster."""
    assert round(75.2 / 66.6 - 1, 2) == 0.13
    assert round(40.3 / 4.4, 1) == 9.2
    assert round(41.7 / 7.3, 1) == 5.7


def test_causal_halves_the_traffic() -> None:
    """Page: tiles above the diagonal are skipped, so nearly half of the traffic goes."""
    q, k, v = qkv(512, 8)
    full, half = HBM(), HBM()
    flash_v2(q, k, v, 16, 16, full)
    flash_v2(q, k, v, 16, 16, half, causal=True)
    assert 0.5 < half.traffic / full.traffic < 0.55


def test_exponential_share_on_h100() -> None:
    """Page: 512 matmul FLOPs for each exp at d = 128; on H100 the exps take half as long as the products."""
    per_exp = 4 * 128
    assert per_exp == 512
    assert round((1 / 3.9) / (per_exp / 989), 1) == 0.5


def test_printed_inverse_in_algorithm_1_of_v2_is_a_slip() -> None:
    """Page: line 10 prints diag(exp(m_old - m_new))⁻¹; only without the inverse is the result right."""
    s, v = np.array([1.0, 4.0]), np.array([2.0, -1.0])
    want = (np.exp(s) @ v) / np.exp(s).sum()
    shrink, total = np.exp(s[0] - s[1]), np.exp(s[0] - s[1]) + 1
    assert (v[0] * shrink + v[1]) / total == pytest.approx(want, abs=1e-12)
    assert abs((v[0] / shrink + v[1]) / total - want) > 1
