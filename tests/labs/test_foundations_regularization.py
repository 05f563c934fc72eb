"""Penalties against SciPy and PyTorch, and the numbers of docs/foundations/l1-l2-regularization.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.foundations.regularization import Adam, fit, prox_l1, prox_l2, sgd, shrinkage, sparse_task


def test_proximal_steps_minimise() -> None:
    optimize = pytest.importorskip("scipy.optimize", reason="needs scipy==1.17.1")
    for w in (-1.3, -0.05, 0.04, 0.7):
        for prox, penalty in ((prox_l1, abs), (prox_l2, lambda u: u * u / 2)):
            best = optimize.minimize_scalar(
                lambda u, w=w, penalty=penalty: (u - w) ** 2 / 2 + 0.1 * penalty(u),
                bounds=(-2, 2),
                method="bounded",
                options={"xatol": 1e-10},
            ).x
            assert prox(np.array([w]), 0.1)[0] == pytest.approx(best, abs=1e-5)


def test_page_proximal_table() -> None:
    """Page: weights 1, 0.3, 0.08, -0.05 under a strength of 0.1."""
    w = np.array([1.0, 0.3, 0.08, -0.05])
    np.testing.assert_allclose(prox_l1(w, 0.1), [0.9, 0.2, 0, 0], atol=1e-15)
    assert [f"{v:.3f}" for v in prox_l2(w, 0.1)] == ["0.909", "0.273", "0.073", "-0.045"]


def test_lasso_meets_its_optimality_conditions() -> None:
    """At the optimum, |X_jᵀr|/n is λ where w_j ≠ 0 and at most λ elsewhere; ridge solves its normal equations."""
    x, y = sparse_task()
    lam = 0.1
    w = fit(x, y, "l1", lam)
    slope = x.T @ (y - x @ w) / len(y)
    np.testing.assert_allclose(slope[w != 0], lam * np.sign(w[w != 0]), atol=1e-8)
    assert (np.abs(slope[w == 0]) <= lam + 1e-10).all()
    closed = np.linalg.solve(x.T @ x / len(y) + lam * np.eye(20), x.T @ y / len(y))
    np.testing.assert_allclose(fit(x, y, "l2", lam), closed, atol=1e-8)


def test_page_zeros() -> None:
    """Page: of 20 weights, L1 makes 17 exactly zero, L2 none, and the bare subgradient none."""
    x, y = sparse_task()
    zeros = {penalty: int((fit(x, y, penalty, 0.1) == 0).sum()) for penalty in ("l1", "l2", "l1-sign")}
    assert zeros == {"l1": 17, "l2": 0, "l1-sign": 0}
    assert [f"{v:.2f}" for v in fit(x, y, "l1", 0.1)[:3]] == ["1.82", "-1.37", "0.83"]
    assert [f"{v:.2f}" for v in fit(x, y, "l2", 0.1)[:3]] == ["1.66", "-1.11", "0.71"]
    assert f"{np.abs(fit(x, y, 'l2', 0.1)[3:]).max():.2f}" == "0.21"
    assert f"{np.abs(fit(x, y, 'l1-sign', 0.1)[3:]).max():.3f}" == "0.014"


def test_l2_can_give_exact_zero() -> None:
    """Page: a feature that is uncorrelated with everything gets exactly 0 from ridge, whatever it began with."""
    x = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
    assert fit(x, x[:, 0], "l2", 0.1)[1] == 0


def test_l2_is_weight_decay_for_sgd() -> None:
    rng = np.random.default_rng(0)
    w, g = rng.normal(size=(2, 5))
    np.testing.assert_allclose(sgd(w, g, 0.1, 0.3, True), sgd(w, g, 0.1, 0.3, False), atol=1e-15)


@pytest.mark.parametrize("decoupled", [True, False])
def test_adam_matches_torch(decoupled: bool) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(1)
    w = rng.normal(size=6)
    t = torch.from_numpy(w.copy()).requires_grad_()
    theirs = (torch.optim.AdamW if decoupled else torch.optim.Adam)([t], lr=0.01, weight_decay=0.3)
    ours = Adam(0.01, 0.3, decoupled)
    for g in rng.normal(size=(30, 6)):
        t.grad = torch.from_numpy(g.copy())
        theirs.step()
        w = ours.step(w, g)
    np.testing.assert_allclose(w, t.detach().numpy(), rtol=1e-10)


def test_page_shrinkage() -> None:
    """Page: 2000 steps, rate 1e-4, λ = 1, gradients of scale 0.1, 1, 10: Adam with L2, and AdamW."""
    scales = np.array([0.1, 1.0, 10.0])
    assert [f"{v:.2f}" for v in shrinkage(False, scales)] == ["0.81", "0.86", "0.98"]
    assert [f"{v:.2f}" for v in shrinkage(True, scales)] == ["0.82", "0.82", "0.82"]
    assert f"{(1 - 1e-4) ** 2000:.2f}" == "0.82"
