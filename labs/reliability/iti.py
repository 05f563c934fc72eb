r"""Inference-Time Intervention on made activations: probe every head, keep the best, shift them along one direction.

Source: Li et al. (arXiv:2306.03341), sections 3 and 4. Activations x are (n, H, D): n statements, H heads of width D;
y (n,) is 1 for true statements.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:probe]
def probe(x: Array, y: Array, strength: float = 1.0, steps: int = 25) -> tuple[Array, float]:
    r"""Logistic regression by Newton's method: minimises $\frac{1}{2}\|w\|^2+C\sum_i\log(1+e^{-s_i(w^\top x_i+b)})$.

    x (n, D), y (n,) of 0 and 1, C = `strength`; the bias is not penalised. → w (D,), b.
    """
    design = np.hstack([x, np.ones((len(x), 1))])  # (n, D + 1)
    ridge = np.diag([1.0] * x.shape[1] + [0.0])  # (D + 1, D + 1)
    w = np.zeros(design.shape[1])  # (D + 1,)
    for _ in range(steps):
        q = 1 / (1 + np.exp(-design @ w))  # (n,)
        gradient = ridge @ w + strength * design.T @ (q - y)  # (D + 1,)
        hessian = ridge + strength * (design.T * (q * (1 - q))) @ design  # (D + 1, D + 1)
        w = w - np.linalg.solve(hessian, gradient)
    return w[:-1], float(w[-1])


def accuracy(x: Array, y: Array, w: Array, b: float) -> float:
    """Share of statements (n, D) on the right side of the probe."""
    return float(((x @ w + b > 0) == (y > 0.5)).mean())


# --8<-- [end:probe]


# --8<-- [start:shift]
def direction(x: Array, y: Array) -> Array:
    """Unit vector (D,) from the mean of the false to the mean of the true: the mass mean shift, the paper's best."""
    d = x[y > 0.5].mean(0) - x[y < 0.5].mean(0)  # (D,)
    return np.asarray(d / np.linalg.norm(d))


def spread(x: Array, theta: Array) -> float:
    r"""$\sigma$: standard deviation of the activations (n, D) along theta (D,)."""
    return float((x @ theta).std())


def intervene(x: Array, heads: list[int], thetas: list[Array], alpha: float, sigmas: list[float]) -> Array:
    r"""Add $\alpha\sigma_h\theta_h$ to the chosen heads of x (n, H, D), at every token; the others stay as they are."""
    out = x.copy()
    for h, theta, sigma in zip(heads, thetas, sigmas, strict=True):
        out[:, h] += alpha * sigma * theta
    return out


# --8<-- [end:shift]


def made(
    n: int, heads: int, width: int, informative: list[int], gap: float, seed: int, truth_seed: int = 0
) -> tuple[Array, Array]:
    """Noise of unit size everywhere; in the informative heads true and false lie `gap` apart. x (n, H, D), y (n,)."""
    rng, fixed = np.random.default_rng(seed), np.random.default_rng(truth_seed)
    toward = fixed.standard_normal((heads, width))  # (H, D): where truth lies in each head, the same for every seed
    toward /= np.linalg.norm(toward, axis=1, keepdims=True)
    y = (np.arange(n) % 2).astype(float)  # (n,)
    x = rng.standard_normal((n, heads, width))  # (n, H, D)
    for h in informative:
        x[:, h] += gap * (y - 0.5)[:, None] * toward[h]
    return x, y
