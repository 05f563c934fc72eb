"""Fused equals unfused equals PyTorch, traffic counted; numbers of docs/serving/operator-fusion-gemm.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.serving.fusion import Memory, fused, separate, tiled_intensity, tiled_matmul, tiled_traffic
from labs.serving.roofline import A100, H100


def test_fused_and_separate_equal_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    x, residual, gain = rng.standard_normal((7, 32)), rng.standard_normal((7, 32)), rng.standard_normal(32)
    want = torch.nn.functional.rms_norm(torch.from_numpy(x + residual), (32,), torch.from_numpy(gain), 1e-6).numpy()
    for f in (separate, fused):
        total, out = f(Memory(), x, residual, gain)
        assert np.allclose(total, x + residual, atol=1e-12)
        assert np.allclose(out, want, atol=1e-12)


def test_tiles_give_the_product_and_the_closed_form() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.standard_normal((12, 10)), rng.standard_normal((10, 8))
    for tile in (1, 2, 4):
        product, moved = tiled_matmul(a, b, tile)
        assert np.allclose(product, a @ b, atol=1e-12)
        assert moved == tiled_traffic(12, 8, 10, tile)
    product, moved = tiled_matmul(a, b, 5)  # ragged edges
    assert np.allclose(product, a @ b, atol=1e-12)
    assert moved == 3 * 80 + 2 * 120 + 96  # B once per row of tiles (3), A once per column of tiles (2), C once


def test_numbers_of_the_page() -> None:
    rows, d = 256, 4096
    x, gain = np.zeros((rows, d)), np.zeros(d)
    apart, together = Memory(), Memory()
    separate(apart, x, x, gain)
    fused(together, x, x, gain)
    assert (round(apart.moved / x.size), round(together.moved / x.size)) == (10, 4)
    assert (apart.kernels, together.kernels) == (6, 1)
    each = 8192 * 4096 * 2  # bytes of an activation (8192 tokens, 16 bit)
    assert [round(1e3 * n * each / A100.bandwidth, 2) for n in (10, 4)] == [0.43, 0.17]
    assert [round(tiled_intensity(4096, 4096, 4096, t), 1) for t in (1, 16, 128, 256)] == [0.5, 8.0, 63.0, 124.1]
    assert [round(2 * tiled_traffic(4096, 4096, 4096, t) / 1e9, 1) for t in (1, 16, 128)] == [274.9, 17.2, 2.2]
    assert tiled_intensity(4096, 4096, 4096, 256) < A100.ridge < tiled_intensity(4096, 4096, 4096, 512) < H100.ridge
    whole = 2 * 4096**3 / (2 * 3 * 4096**2)
    assert round(whole, 1) == 1365.3
    assert pytest.approx(1.6e-3) == 32 * 10 * 5e-6
    assert round(100 * 1.6 / (15.01e9 / H100.bandwidth * 1e3)) == 36
