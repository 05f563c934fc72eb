"""Lab of the page `flash-attention`, section FlashAttention-3; numbers printed there are asserted here."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import hadamard as sylvester

from labs.attention.fp8_incoherent import Array, hadamard, outlier_matrix, quantize, rmse, rotate, round_e4m3
from labs.attention.scaled_dot_product import attention, softmax

N, D = 1024, 128


def signs(rng: np.random.Generator) -> Array:
    return rng.choice([-1.0, 1.0], D)


def test_rounding_matches_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    grid = np.arange(-448, 448, 0.0625)  # all ties of the coarse part
    tiny = np.arange(-64, 64) * 2.0**-12  # subnormal numbers and their ties
    x = np.concatenate([grid, tiny, np.random.default_rng(0).normal(size=2000) * 50])
    want = torch.tensor(x).to(torch.float32).to(torch.float8_e4m3fn).to(torch.float64).numpy()
    # float32 keeps these inputs apart from ties: the random ones are far from any tie.
    np.testing.assert_array_equal(round_e4m3(x), want)


def test_round_clips() -> None:
    assert round_e4m3(np.array([1e9, -1e9, 0.0])).tolist() == [448, -448, 0]


def test_hadamard_matches_scipy() -> None:
    x = np.random.default_rng(0).normal(size=(3, D))
    np.testing.assert_allclose(hadamard(x), x @ sylvester(D), rtol=0, atol=1e-12)


def test_rotation_is_orthogonal_and_keeps_scores() -> None:
    """Page: M Mᵀ = I, hence (QM)(KM)ᵀ = QKᵀ."""
    rng = np.random.default_rng(0)
    flips = signs(rng)
    m = rotate(np.eye(D), flips)
    np.testing.assert_allclose(m @ m.T, np.eye(D), rtol=0, atol=1e-12)
    q, k = outlier_matrix(rng, 50, D), outlier_matrix(rng, 60, D)
    np.testing.assert_allclose(rotate(q, flips) @ rotate(k, flips).T, q @ k.T, rtol=0, atol=1e-11)


def test_scattered_outliers() -> None:
    """Page: outliers of the paper: score error stays 0.47 (weighted 1.05 → 0.55), output 1.5e-2 → 7.4e-3."""
    rng = np.random.default_rng(0)
    q, k, v = (outlier_matrix(rng, N, D) for _ in range(3))
    flips = signs(rng)
    plain = quantize(q), quantize(k)
    turned = quantize(rotate(q, flips)), quantize(rotate(k, flips))
    scores = [rmse(a @ b.T, q @ k.T) for a, b in (plain, turned)]
    outputs = [rmse(attention(a, b, v), attention(q, k, v)) for a, b in (plain, turned)]
    assert [f"{x:.2f}" for x in scores] == ["0.47", "0.47"]
    assert [f"{x:.1e}" for x in outputs] == ["1.5e-02", "7.4e-03"]
    # Page: without the rotation the error sits on the keys that carry the weight.
    weights = softmax(q @ k.T / np.sqrt(D))  # (N, N)
    weighted = [np.sqrt((weights * (a @ b.T - q @ k.T) ** 2).sum(axis=1).mean()) for a, b in (plain, turned)]
    assert [f"{x:.2f}" for x in weighted] == ["1.05", "0.55"]


def test_channel_outliers() -> None:
    """Page: a channel 20 times larger in Q and K: score error 15.5 → 2.0, largest entry of Q 75 → 9."""
    rng = np.random.default_rng(0)
    q, k = rng.normal(size=(2, N, D))
    q[:, 7] *= 20
    k[:, 7] *= 20
    flips = signs(rng)
    plain = rmse(quantize(q) @ quantize(k).T, q @ k.T)
    turned = rmse(quantize(rotate(q, flips)) @ quantize(rotate(k, flips)).T, q @ k.T)
    assert [f"{x:.1f}" for x in (plain, turned)] == ["15.5", "2.0"]
    assert [round(np.abs(x).max()) for x in (q, rotate(q, flips))] == [75, 9]


def test_block_scale_isolates_the_outlier() -> None:
    """Page: with one scale a block, an outlier flushes small numbers to zero in its own block only."""
    x = np.full((64, D), 1e-4)
    x[0, 0] = 1000.0
    assert (quantize(x)[1:] == 0).all()
    blocked = quantize(x, block=16)
    assert (blocked[1:16] == 0).all()
    np.testing.assert_allclose(blocked[16:], x[16:], rtol=1e-12)


def test_paper_ratio() -> None:
    """Page: 2.4e-2 against 9.1e-3 is the 2.6 of the abstract."""
    assert round(2.4e-2 / 9.1e-3, 1) == 2.6
