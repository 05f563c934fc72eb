"""Probes against scikit-learn, the shift as a bias; numbers of docs/reliability/iti.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.reliability.iti import accuracy, direction, intervene, made, probe, spread

GOOD = [3, 10, 20, 33, 47, 60]


def test_probe_equals_sklearn() -> None:
    linear = pytest.importorskip("sklearn.linear_model", reason="needs scikit-learn==1.9.1")
    x, y = made(300, 4, 8, [1], 1.5, 5)
    for h in range(4):
        for c in (0.1, 1.0, 10.0):
            want = linear.LogisticRegression(C=c, tol=1e-12, max_iter=5000).fit(x[:, h], y)
            w, b = probe(x[:, h], y, c)
            np.testing.assert_allclose(w, want.coef_[0], atol=1e-5)
            assert b == pytest.approx(want.intercept_[0], abs=1e-5)
            assert accuracy(x[:, h], y, w, b) == want.score(x[:, h], y)


def test_shift_is_a_bias_of_the_output_projection() -> None:
    """Formula of the paper: Σ_h Q_h(x_h + ασθ) = Σ_h Q_h x_h + a constant, so the weights can carry it."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((5, 6, 4))  # (n, H, D)
    q = rng.standard_normal((6, 4, 24))  # (H, D, d): output projection, head by head
    thetas = [rng.standard_normal(4) for _ in range(2)]
    moved = intervene(x, [1, 4], thetas, 15.0, [0.7, 1.2])
    bias = 15.0 * (0.7 * thetas[0] @ q[1] + 1.2 * thetas[1] @ q[4])  # (d,)
    np.testing.assert_allclose(np.einsum("nhk,hkd->nd", moved, q), np.einsum("nhk,hkd->nd", x, q) + bias, atol=1e-12)
    np.testing.assert_array_equal(moved[:, [0, 2, 3, 5]], x[:, [0, 2, 3, 5]])


def test_page_probes() -> None:
    """Page: 64 heads, six informative; held out they score 79–87 %, the best of the other 58 only 57.5 %."""
    x, y = made(400, 64, 16, GOOD, 2.0, 1)
    held, truth = made(200, 64, 16, GOOD, 2.0, 2)
    fits = [probe(x[:, h], y) for h in range(64)]
    val = np.array([accuracy(held[:, h], truth, *fit) for h, fit in enumerate(fits)])
    train = np.array([accuracy(x[:, h], y, *fit) for h, fit in enumerate(fits)])
    others = np.delete(np.arange(64), GOOD)
    assert sorted(np.argsort(-val)[:6]) == GOOD
    assert f"{val[GOOD].min():.1%} {val[GOOD].max():.1%}" == "78.5% 87.0%"
    assert f"{val[others].max():.1%} {val[others].mean():.1%} {train[others].mean():.1%}" == "57.5% 49.8% 58.1%"


def test_page_shift() -> None:
    """Page: share of false statements that the probe takes for true, and how far along the axis they end up."""
    x, y = made(400, 64, 16, GOOD, 2.0, 1)
    held, truth = made(200, 64, 16, GOOD, 2.0, 2)
    thetas = [direction(x[:, h], y) for h in GOOD]
    sigmas = [spread(x[:, h], t) for h, t in zip(GOOD, thetas, strict=True)]
    w, b = probe(x[:, GOOD[0]], y)
    false = held[truth < 0.5]
    shares, places = [], []
    for alpha in (0.0, 1.0, 2.0, 5.0, 15.0):
        moved = intervene(false, GOOD, thetas, alpha, sigmas)[:, GOOD[0]]
        shares.append(f"{(moved @ w + b > 0).mean():.0%}")
        places.append((moved @ thetas[0]).mean() / sigmas[0])
    assert shares == ["23%", "71%", "97%", "100%", "100%"]
    np.testing.assert_allclose(np.diff(places), [1, 1, 3, 10], atol=1e-10)  # α standard deviations, exactly
    assert f"{(x[y > 0.5][:, GOOD[0]] @ thetas[0]).mean() / sigmas[0] - places[0]:.1f}" == "1.2"
