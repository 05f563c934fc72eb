"""Activations and FFNs against PyTorch, parameters and widths: docs/transformer/ffn.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.transformer.ffn import dead_share, ffn, gelu, llama_width, relu, silu, slope, swiglu

X = np.linspace(-6, 6, 121)


def test_activations_and_slopes_equal_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    f = torch.nn.functional
    for ours, theirs, name in ((relu, f.relu, "relu"), (gelu, f.gelu, "gelu"), (silu, f.silu, "silu")):
        t = torch.from_numpy(X).requires_grad_()
        y = theirs(t)
        y.sum().backward()
        np.testing.assert_allclose(ours(X), y.detach().numpy(), atol=1e-12)
        np.testing.assert_allclose(slope(name, X), t.grad.numpy(), atol=1e-12)


def test_networks_equal_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    x, t = rng.standard_normal((5, 8)), torch.from_numpy
    w = [rng.standard_normal((8, 32)), rng.standard_normal((8, 32)), rng.standard_normal((32, 8))]
    want = torch.relu(t(x) @ t(w[0])) @ t(w[2])
    np.testing.assert_allclose(ffn(x, w[0], w[2]), want.numpy(), atol=1e-10)
    want = (torch.nn.functional.silu(t(x) @ t(w[0])) * (t(x) @ t(w[1]))) @ t(w[2])
    np.testing.assert_allclose(swiglu(x, *w), want.numpy(), atol=1e-10)


def test_positions_do_not_mix() -> None:
    """Page: the output of a token does not depend on the others."""
    rng = np.random.default_rng(0)
    x, w_1, w_2 = rng.standard_normal((5, 8)), rng.standard_normal((8, 32)), rng.standard_normal((32, 8))
    np.testing.assert_allclose(ffn(x, w_1, w_2)[[4, 2]], ffn(x[[4, 2]], w_1, w_2), atol=1e-12)


def test_relu_is_continuous_and_its_slope_jumps() -> None:
    """Page: 「ReLU 在 0 处连续」."""
    small = np.array([-1e-9, 0.0, 1e-9])
    assert np.abs(relu(small)).max() <= 1e-9
    assert slope("relu", small).tolist() == [0, 0, 1]
    assert slope("relu", X).max() == 1


def test_lowest_points_and_steepest_slopes() -> None:
    """Page: GELU's minimum -0.17 at -0.75, SiLU's -0.28 at -1.28; slopes reach 1.13 and 1.10."""
    x = np.linspace(-4, 4, 8001)
    assert (round(x[gelu(x).argmin()], 2), round(gelu(x).min(), 2)) == (-0.75, -0.17)
    assert (round(x[silu(x).argmin()], 2), round(silu(x).min(), 2)) == (-1.28, -0.28)
    assert (round(slope("gelu", x).max(), 2), round(slope("silu", x).max(), 2)) == (1.13, 1.10)


def test_dead_units() -> None:
    """Page: share of units that are 0 on all 500 samples for bias 0, -2, -3, -4."""
    shares = [round(100 * dead_share(b, np.random.default_rng(0))) for b in (0.0, -2.0, -3.0, -4.0)]
    assert shares == [0, 0, 54, 97]


def test_three_matrices_of_two_thirds() -> None:
    """Page: 8d² either way; d = 768 gives 3072 and 2048, d = 4096 gives 134 217 728 parameters."""
    assert 2 * 768 * 3072 == 3 * 768 * 2048 == 8 * 768**2
    assert 2 * 4096 * 16_384 == 8 * 4096**2 == 134_217_728
    assert 3 * 4096 * 11_008 == 135_266_304
    assert 12 * 4096**2 == 201_326_592


def test_llama_widths() -> None:
    """Page, table: LLaMA 7B/13B/33B/65B, Llama 2 70B (1.3, 4096), Llama 3 8B (1.3, 1024)."""
    assert [llama_width(d) for d in (4096, 5120, 6656, 8192)] == [11_008, 13_824, 17_920, 22_016]
    assert llama_width(8192, 4096, 1.3) == 28_672
    assert llama_width(4096, 1024, 1.3) == 14_336
    assert int(2 * 4 * 4096 / 3) == 10_922
    assert 43 * 256 == 11_008


def test_share_of_a_layer() -> None:
    """Page: FFN is 8d² of 12d², two thirds; LLaMA-2-7B 135.3M of 202.4M, 67 %; with GQA as in LLaMA-3-8B 81 %."""
    assert 3 * 8 == 2 * 12
    llama2 = 3 * 4096 * 11_008
    assert round(llama2 / (llama2 + 4 * 4096**2), 2) == 0.67
    llama3 = 3 * 4096 * 14_336
    assert round(llama3 / (llama3 + 2 * 4096**2 + 2 * 4096 * 1024), 2) == 0.81
