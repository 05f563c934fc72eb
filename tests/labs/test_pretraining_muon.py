"""Muon against the SVD and torch.optim.Muon, QK-Clip against its claim; numbers of docs/pretraining/muon.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.pretraining.muon import CLASSIC, Array, Muon, flops_share, newton_schulz, rms, svd_entropy
from labs.pretraining.qk_clip import clip_mha, clip_mla, factors, growing_heads, mha_logits, mla_logits


def spread(n: int = 64, low: float = -3) -> Array:
    """A matrix (n, n) whose singular values run from 1 to 10^low."""
    rng = np.random.default_rng(0)
    u, v = (np.linalg.qr(rng.standard_normal((n, n)))[0] for _ in range(2))
    m: Array = u @ np.diag(np.logspace(0, low, n)) @ v.T
    return m


def singular(m: Array) -> Array:
    """Singular values, falling."""
    s: Array = np.linalg.svd(m, compute_uv=False).astype(np.float64)
    return s


def test_classic_coefficients_reach_the_polar_factor() -> None:
    m = spread()
    u, _, vt = np.linalg.svd(m)
    np.testing.assert_allclose(newton_schulz(m, 30, CLASSIC), u @ vt, atol=1e-12)


def test_five_tuned_steps() -> None:
    """Page: singular values 1 to 0.001; after five steps between 0.21 and 1.21, classic leaves 0.010."""
    m = spread()
    start = singular(m) / np.linalg.norm(m)
    assert (round(float(start[0]), 2), round(float(start[-1]), 5)) == (0.44, 0.00044)
    five, classic = singular(newton_schulz(m)), singular(newton_schulz(m, 5, CLASSIC))
    assert (round(float(five.min()), 2), round(float(five.max()), 2)) == (0.21, 1.20)
    assert round(float(classic.min()), 3) == 0.010
    assert 0.6 < np.median(five) < 1.2


def test_singular_vectors_stay() -> None:
    """The iteration is an odd polynomial: it changes singular values, never the singular vectors."""
    m = np.random.default_rng(1).standard_normal((6, 4))
    u, _, vt = np.linalg.svd(m, full_matrices=False)
    inner = u.T @ newton_schulz(m) @ vt.T
    np.testing.assert_allclose(inner, np.diag(np.diag(inner)), atol=1e-10)


@pytest.mark.parametrize("shape", [(6, 4), (4, 6), (5, 5)])
@pytest.mark.parametrize("match", [True, False])
def test_equals_torch(monkeypatch: pytest.MonkeyPatch, shape: tuple[int, int], match: bool) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    monkeypatch.setattr(torch.Tensor, "bfloat16", lambda self: self.clone())  # its iteration in float64, as ours
    rng = np.random.default_rng(2)
    w = rng.standard_normal(shape)
    weight = torch.from_numpy(w.copy()).requires_grad_()
    adjust = "match_rms_adamw" if match else "original"
    theirs, ours = torch.optim.Muon([weight], lr=0.02, adjust_lr_fn=adjust), Muon(0.02, match_adamw=match)
    for _ in range(5):
        g = rng.standard_normal(shape)
        w, weight.grad = ours.step(w, g), torch.from_numpy(g)
        theirs.step()
        np.testing.assert_allclose(w, weight.detach().numpy(), atol=1e-10)


@pytest.mark.parametrize("shape", [(64, 64), (128, 64), (64, 256)])
def test_rms_of_the_update(shape: tuple[int, int]) -> None:
    """Page: an exact polar factor has RMS 1/√max(A, B), so 0.2·√max(A, B) makes 0.2; five steps make 0.17."""
    g = np.random.default_rng(0).standard_normal(shape)
    u, _, vt = np.linalg.svd(g, full_matrices=False)
    assert rms(u @ vt) == pytest.approx(max(shape) ** -0.5)
    assert 0.165 < 0.2 * max(shape) ** 0.5 * rms(newton_schulz(g)) < 0.18


def test_entropy_and_cost() -> None:
    """Page: SVD entropy of the spread matrix before and after; the cost at 4M and at 32 768 tokens a batch."""
    m = spread()
    assert (round(svd_entropy(m), 2), round(svd_entropy(newton_schulz(m)), 2)) == (0.61, 0.96)
    assert svd_entropy(np.eye(8)) == pytest.approx(1)
    assert [round(100 * flops_share(4096, 4096, t), 1) for t in (4_000_000, 32_768)] == [0.5, 62.5]
    assert flops_share(4096, 4096, 4_000_000) == pytest.approx(5 * 4096 / 4_000_000)


def test_clip_mha_caps_each_head_alone() -> None:
    rng = np.random.default_rng(3)
    x, w_q, w_k = (rng.standard_normal(s) for s in [(12, 16), (3, 16, 8), (3, 16, 8)])
    w_q *= np.array([0.1, 3.0, 6.0])[:, None, None]
    largest = np.abs(mha_logits(x, w_q, w_k)).max(axis=(1, 2))
    gamma = factors(largest, 20.0)
    after = mha_logits(x, *clip_mha(w_q, w_k, gamma))
    np.testing.assert_allclose(np.abs(after).max(axis=(1, 2)), np.minimum(largest, 20.0))
    np.testing.assert_array_equal(after[0], mha_logits(x, w_q, w_k)[0])  # below the threshold: untouched
    assert gamma[0] == 1 > gamma[1]


def test_clip_mla_scales_logits_and_not_the_shared_key() -> None:
    rng = np.random.default_rng(4)
    x = rng.standard_normal((12, 16))
    w_qc, w_kc, w_qr = (rng.standard_normal(s) for s in [(3, 16, 8), (3, 16, 8), (3, 16, 4)])
    w_kr = rng.standard_normal((16, 4))
    gamma = np.array([1.0, 0.5, 0.25])
    before = mla_logits(x, w_qc, w_kc, w_qr, w_kr)
    clipped = clip_mla(w_qc, w_kc, w_qr, w_kr, gamma)
    np.testing.assert_allclose(mla_logits(x, *clipped), gamma[:, None, None] * before, atol=1e-12)
    assert clipped[3] is w_kr
    # √γ on the query's rotary part alone would be too little, for the shared key may not take the other root
    wrong = mla_logits(x, clipped[0], clipped[1], w_qr * np.sqrt(gamma)[:, None, None], w_kr)
    assert np.abs(wrong - gamma[:, None, None] * before).max() > 1


def test_growing_heads() -> None:
    """Page and figure: without the clip 442 and 14 919; with it never above 100; two heads are never clipped."""
    free, clipped = growing_heads(False), growing_heads(True)
    assert [round(float(x)) for x in free[-1]] == [14, 18, 442, 14919]
    assert clipped.max() <= 100 + 1e-9
    np.testing.assert_allclose(clipped[:, :2], free[:, :2])
    assert ((clipped > 100 - 1e-9).sum(axis=0)).tolist() == [0, 0, 26, 43]


def test_slope_and_figure() -> None:
    """Page: 3.4445^5 is about 485; from 0.002 on five steps lift a singular value above 0.67, classic needs 0.1."""
    from figures.pretraining.muon_spectrum import after
    from labs.pretraining.muon import TUNED

    assert round(3.4445**5) == 485
    tuned = [after(float(s), TUNED) for s in np.logspace(np.log10(0.002), 0, 400)]
    assert (min(tuned) > 0.67, max(tuned) < 1.21) == (True, True)
    assert after(0.05, CLASSIC) < 0.9 < 0.95 < after(0.1, CLASSIC)


def test_polar_factor_is_the_steepest_direction() -> None:
    """Page: no matrix of spectral norm 1 has a larger inner product with M, and it is (MMᵀ)^(-1/2) M."""
    from scipy.linalg import fractional_matrix_power

    rng = np.random.default_rng(5)
    m = rng.standard_normal((5, 7))
    u, s, vt = np.linalg.svd(m, full_matrices=False)
    assert (m * (u @ vt)).sum() == pytest.approx(s.sum())
    for _ in range(20):
        other = rng.standard_normal((5, 7))
        assert (m * other / np.linalg.norm(other, 2)).sum() < s.sum()
    np.testing.assert_allclose(fractional_matrix_power(m @ m.T, -0.5) @ m, u @ vt, atol=1e-10)
