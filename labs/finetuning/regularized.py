r"""Staying near the pre-trained weights: ridge, L2-SP, EWC and distillation are one formula in a linear model.

Sources: Li et al. (arXiv:1802.01483), L2-SP; Kirkpatrick et al. (arXiv:1612.00796), EWC; Li and Hoiem
(arXiv:1606.09282), distillation from the old model. d weights, n new samples, m old inputs.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:fit]
def fit(x: Array, y: Array, anchor: Array, penalty: Array) -> Array:
    """argmin over w of |xw - y|²/n + (w - anchor)ᵀ penalty (w - anchor): x (n, d), y (n,), penalty (d, d) → (d,)."""
    gram = x.T @ x / len(x)  # (d, d)
    return np.asarray(np.linalg.solve(gram + penalty, x.T @ y / len(x) + penalty @ anchor), dtype=np.float64)


def penalties(old_x: Array) -> dict[str, Array]:
    """What each method holds on to, (d, d); all but ridge use the pre-trained weights as the anchor."""
    d = old_x.shape[1]
    fisher = old_x.T @ old_x / len(old_x)  # (d, d): of a Gaussian output, and what distillation on old_x weighs
    return {
        "ridge": np.eye(d),
        "L2-SP": np.eye(d),
        "EWC": np.diag(np.diag(fisher)),
        "distillation": fisher + 1e-9 * np.eye(d),
    }


# --8<-- [end:fit]


# --8<-- [start:compare]
def compare(seed: int, new_error: float, d: int = 30, n: int = 12, m: int = 300) -> dict[str, float]:
    """Error on the old inputs of each method, its strength chosen so that all reach the same error on the new data."""
    rng = np.random.default_rng(seed)
    scales = np.exp(rng.uniform(-2, 1, d))  # (d,): old inputs use some features much more than others
    mixing = np.linalg.qr(rng.standard_normal((d, d)))[0] * 0.3 + np.eye(d)  # (d, d)
    old_x = rng.standard_normal((m, d)) * scales @ mixing  # (m, d)
    pretrained = rng.standard_normal(d)  # (d,)
    x = rng.standard_normal((n, d))  # (n, d)
    y = x @ (pretrained + 0.7 * rng.standard_normal(d))  # (n,)
    out = {}
    for name, penalty in penalties(old_x).items():
        anchor = np.zeros(d) if name == "ridge" else pretrained
        low, high = 1e-9, 1e6  # the error on the new data grows with the strength: bisect
        for _ in range(100):
            strength = np.sqrt(low * high)
            w = fit(x, y, anchor, strength * penalty)
            low, high = (strength, high) if ((x @ w - y) ** 2).mean() < new_error else (low, strength)
        out[name] = float(((old_x @ (w - pretrained)) ** 2).mean())
    return out


# --8<-- [end:compare]
