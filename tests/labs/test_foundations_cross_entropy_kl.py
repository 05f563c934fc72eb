"""Entropies against SciPy, gradients against PyTorch; numbers of docs/foundations/kl-vs-cross-entropy.md."""

from __future__ import annotations

import math

import numpy as np
import pytest

from labs.attention.scaled_dot_product import softmax
from labs.foundations.cross_entropy_kl import (
    GRID,
    TWO_PEAKS,
    best_gap,
    best_gaussian,
    cross_entropy,
    entropy,
    grad_forward,
    grad_reverse_ce,
    grad_reverse_kl,
    kl,
    smooth,
    smoothed_loss,
)

P, Q = np.array([0.7, 0.2, 0.1]), np.array([0.5, 0.3, 0.2])


def test_match_scipy() -> None:
    stats = pytest.importorskip("scipy.stats", reason="needs scipy==1.17.1")
    rng = np.random.default_rng(0)
    for _ in range(20):
        p, q = rng.dirichlet(np.ones(6), size=2)
        assert entropy(p) == pytest.approx(stats.entropy(p), abs=1e-12)
        assert kl(p, q) == pytest.approx(stats.entropy(p, q), abs=1e-12)
        assert cross_entropy(p, q) == pytest.approx(stats.entropy(p) + stats.entropy(p, q), abs=1e-12)


def test_page_worked_example() -> None:
    """Page: H(p) 0.802, H(p,q) 0.887, KL(p‖q) 0.085, KL(q‖p) 0.092."""
    assert f"{entropy(P):.3f} {cross_entropy(P, Q):.3f} {kl(P, Q):.3f} {kl(Q, P):.3f}" == ("0.802 0.887 0.085 0.092")
    one_hot = np.array([1.0, 0.0, 0.0])
    assert kl(one_hot, Q) == pytest.approx(-math.log(0.5))  # H = 0: cross-entropy is KL
    assert kl(Q, one_hot) == math.inf


def test_gradients_match_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(1)
    p, z = rng.dirichlet(np.ones(7)), rng.normal(size=7)
    tp = torch.from_numpy(p)

    def grad(loss: object) -> np.ndarray:
        t = torch.from_numpy(z).requires_grad_()
        out: np.ndarray = torch.autograd.grad(loss(t.log_softmax(0)), t)[0].numpy()  # type: ignore[operator]
        return out

    np.testing.assert_allclose(grad_forward(p, z), grad(lambda lq: -(tp * lq).sum()), atol=1e-12)
    np.testing.assert_allclose(grad_forward(p, z), grad(lambda lq: (tp * (tp.log() - lq)).sum()), atol=1e-12)
    np.testing.assert_allclose(grad_reverse_kl(p, z), grad(lambda lq: (lq.exp() * (lq - tp.log())).sum()), atol=1e-12)
    np.testing.assert_allclose(grad_reverse_ce(p, z), grad(lambda lq: -(lq.exp() * tp.log()).sum()), atol=1e-12)


def test_reverse_cross_entropy_collapses() -> None:
    """Page: descending KL(q‖p) recovers p; descending H(q,p) puts 0.99 on the most likely outcome."""
    z_kl, z_ce = np.zeros(3), np.zeros(3)
    for _ in range(1000):
        z_kl = z_kl - grad_reverse_kl(P, z_kl)
        z_ce = z_ce - grad_reverse_ce(P, z_ce)
    np.testing.assert_allclose(softmax(z_kl), P, atol=1e-6)
    assert softmax(z_ce)[0] > 0.99


def test_label_smoothing_matches_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    z = np.random.default_rng(2).normal(size=9)
    t = torch.from_numpy(z)[None].requires_grad_()
    want = torch.nn.functional.cross_entropy(t, torch.tensor([4]), label_smoothing=0.1)
    want.backward()
    loss, grad = smoothed_loss(z, 4, 0.1)
    assert loss == pytest.approx(float(want.detach()), abs=1e-12)
    np.testing.assert_allclose(grad, t.grad[0].numpy(), atol=1e-12)


def test_smoothing_is_a_mixture_of_two_cross_entropies() -> None:
    """Page: (1 - ε) H(one-hot, q) + ε H(uniform, q)."""
    q = softmax(np.random.default_rng(3).normal(size=5))
    mixed = 0.9 * -math.log(q[2]) + 0.1 * cross_entropy(np.full(5, 0.2), q)
    assert cross_entropy(smooth(2, 5, 0.1), q) == pytest.approx(mixed, abs=1e-12)


def test_page_targets_and_gaps() -> None:
    """Page: 0.9/0.1 only for K = 2, ε = 0.2; best gaps of the table; the best plain loss is 0.105."""
    np.testing.assert_allclose(smooth(0, 2, 0.2), [0.9, 0.1], atol=1e-15)
    np.testing.assert_allclose(smooth(0, 1000, 0.1)[:2], [0.9001, 0.0001], atol=1e-15)
    assert [f"{best_gap(k, e):.1f}" for k, e in ((2, 0.2), (1000, 0.1), (37_000, 0.1))] == ["2.2", "9.1", "12.7"]
    z = np.zeros(1000)
    z[0] = best_gap(1000, 0.1)
    loss, grad = smoothed_loss(z, 0, 0.1)
    np.testing.assert_allclose(grad, 0, atol=1e-12)
    assert loss == pytest.approx(entropy(smooth(0, 1000, 0.1)), abs=1e-12)
    z[0] += 1  # more confident than the target: the gradient pulls back
    assert smoothed_loss(z, 0, 0.1)[1][0] > 0
    assert f"{-math.log(0.9 + 0.1 / 37_000):.3f}" == "0.105"
    assert f"{entropy(smooth(0, 37_000, 0.1)):.2f}" == "1.38"


def test_page_one_gaussian_for_two_peaks() -> None:
    """Page and figure: forward KL gives mean -0.6 and deviation 3.1, reverse KL sits on the peak at -3."""
    assert best_gaussian(TWO_PEAKS, reverse=False) == (-0.6, 3.1)
    assert best_gaussian(TWO_PEAKS, reverse=True) == (-3.0, 1.0)
    mean = float((TWO_PEAKS * GRID).sum())  # forward KL matches the moments
    assert mean == pytest.approx(-0.6, abs=1e-3)
    assert math.sqrt(float((TWO_PEAKS * (GRID - mean) ** 2).sum())) == pytest.approx(3.1, abs=0.02)
