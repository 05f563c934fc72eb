"""Anchored least squares against SciPy and PyTorch, and the numbers of docs/finetuning/regularized-finetuning.md."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from labs.finetuning.regularized import compare, fit, penalties


def test_fit_is_the_minimum() -> None:
    rng = np.random.default_rng(0)
    x, y, anchor, old = rng.standard_normal((5, 4)), rng.standard_normal(5), rng.standard_normal(4), rng.random((9, 4))
    for penalty in penalties(old).values():
        got = fit(x, y, anchor, 0.3 * penalty)

        def loss(w: np.ndarray[tuple[int, ...], np.dtype[np.float64]], p: object = penalty) -> float:
            return float(((x @ w - y) ** 2).mean() + 0.3 * (w - anchor) @ p @ (w - anchor))  # type: ignore[operator]

        want = minimize(loss, np.zeros(4), tol=1e-14)
        np.testing.assert_allclose(got, want.x, atol=1e-5)


def test_distillation_is_the_full_fisher() -> None:
    """Page: matching the outputs on old inputs is the quadratic penalty with XᵀX/m."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(1)
    old, anchor, at = rng.standard_normal((20, 4)), rng.standard_normal(4), rng.standard_normal(4)
    w = torch.from_numpy(at).requires_grad_()
    torch.nn.functional.mse_loss(torch.from_numpy(old) @ w, torch.from_numpy(old @ anchor)).backward()
    np.testing.assert_allclose(w.grad.numpy(), 2 * penalties(old)["distillation"] @ (at - anchor), atol=1e-7)


def test_comparison() -> None:
    """Page: error on the old inputs at equal error 0.05 on the new data, mean over five seeds."""
    runs = [compare(seed, 0.05) for seed in range(5)]
    got = {name: round(float(np.mean([run[name] for run in runs])), 1) for name in runs[0]}
    assert got == {"ridge": 35.1, "L2-SP": 5.0, "EWC": 1.9, "distillation": 1.0}
