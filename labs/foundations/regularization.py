r"""L1 and L2 penalties: what a step does to a weight, and why L2 in the loss is no weight decay under Adam.

Sources: Tibshirani, *Regression Shrinkage and Selection via the Lasso* (1996); Loshchilov and Hutter,
*Decoupled Weight Decay Regularization* (arXiv:1711.05101), section 2 and algorithm 2.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:prox]
def prox_l1(w: Array, strength: float) -> Array:
    r"""Soft threshold $\arg\min_u\frac12(u-w)^2+strength\,|u|$: weights below the threshold become exactly 0."""
    return np.sign(w) * np.maximum(np.abs(w) - strength, 0)


def prox_l2(w: Array, strength: float) -> Array:
    r"""$\arg\min_u\frac12(u-w)^2+\frac{strength}2u^2$: every weight shrinks by the same ratio."""
    return w / (1 + strength)


# --8<-- [end:prox]


# --8<-- [start:fit]
def fit(x: Array, y: Array, penalty: str, lam: float, steps: int = 3000, rate: float = 0.1) -> Array:
    r"""Minimise $\frac1{2n}\|Xw-y\|^2$ plus a penalty: `x` (n, d), `y` (n,) → weights (d,).

    "l1" and "l2" take a gradient step on the data, then the penalty's proximal step; "l1-sign" adds
    the subgradient $\lambda\,\mathrm{sign}(w)$ instead, as one line of autograd does.
    """
    w = np.zeros(x.shape[1])  # (d,)
    for _ in range(steps):
        grad = x.T @ (x @ w - y) / len(y)  # (d,)
        if penalty == "l1":
            w = prox_l1(w - rate * grad, rate * lam)
        elif penalty == "l2":
            w = prox_l2(w - rate * grad, rate * lam)
        else:
            w = w - rate * (grad + lam * np.sign(w))
    return w


def sparse_task(seed: int = 0, n: int = 50, d: int = 20) -> tuple[Array, Array]:
    """Regression where 3 of `d` features matter: x (n, d), y (n,)."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, d))  # (n, d)
    return x, x[:, :3] @ np.array([2.0, -1.5, 1.0]) + 0.1 * rng.normal(size=n)


# --8<-- [end:fit]


def sgd(w: Array, grad: Array, rate: float, lam: float, decoupled: bool) -> Array:
    """One SGD step with the penalty in the gradient, or with the weights decayed beside it; all (d,)."""
    return (1 - rate * lam) * w - rate * grad if decoupled else w - rate * (grad + lam * w)


# --8<-- [start:adam]
@dataclass
class Adam:
    """Adam; `lam` acts through the gradient (L2) or directly on the weights (AdamW)."""

    rate: float
    lam: float
    decoupled: bool
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8
    moments: list[Array] = field(default_factory=list)
    t: int = 0

    def step(self, w: Array, grad: Array) -> Array:
        """The weights (d,) after one step with `grad` (d,)."""
        if not self.decoupled:
            grad = grad + self.lam * w  # from here on the penalty is divided by √v like the rest
        m, v = self.moments or [np.zeros_like(w), np.zeros_like(w)]  # (d,) each
        b1, b2 = self.betas
        self.moments = [b1 * m + (1 - b1) * grad, b2 * v + (1 - b2) * grad**2]
        self.t += 1
        m_hat, v_hat = self.moments[0] / (1 - b1**self.t), self.moments[1] / (1 - b2**self.t)
        decay = self.rate * self.lam * w if self.decoupled else np.zeros_like(w)
        stepped: Array = w - decay - self.rate * m_hat / (np.sqrt(v_hat) + self.eps)
        return stepped


# --8<-- [end:adam]


def shrinkage(decoupled: bool, scales: Array, steps: int = 2000, seed: int = 0) -> Array:
    """What is left of weights that start at 1 and see pure noise gradients of the given scales: (d,)."""
    rng = np.random.default_rng(seed)
    w, optimizer = np.ones_like(scales), Adam(1e-4, 1.0, decoupled)
    noise = rng.normal(size=(steps // 2, *scales.shape))  # (steps / 2, d)
    for g in np.stack([noise, -noise], axis=1).reshape(steps, *scales.shape):  # in pairs that cancel
        w = optimizer.step(w, scales * g)
    return w
