r"""Why gradients vanish or explode: backpropagation multiplies one Jacobian per layer.

Sources: Glorot and Bengio, *Understanding the difficulty of training deep feedforward neural networks*
(2010), section 4; Pascanu, Mikolov and Bengio (arXiv:1211.5063), sections 2.1 and 3.2.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, prod, sqrt

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:chain]
def sigmoid(z: Array) -> Array:
    r"""$\sigma(z)=1/(1+e^{-z})$, any shape."""
    return 1 / (1 + np.exp(-z))


# Each activation with its derivative; the largest value of the derivative is 1/4, 1 and 1.
ACTIVATIONS: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z))),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0).astype(np.float64)),
}


def weights(rng: np.random.Generator, depth: int, width: int, gain: float) -> Array:
    r"""`depth` matrices with entries of variance $gain^2/width$: (depth, width, width)."""
    w: Array = rng.normal(size=(depth, width, width)) * gain / sqrt(width)
    return w


def gradients(w: Array, x: Array, grad: Array, activation: str, branch: float | None = None) -> Array:
    r"""$\partial L/\partial h_l$ for l = 0 … L of $h_l=\phi(W_lh_{l-1})$, given $\partial L/\partial h_L$: (L + 1, d).

    With `branch`, each layer is residual: $h_l=h_{l-1}+branch\cdot\phi(W_lh_{l-1})$.
    """
    phi, dphi = ACTIVATIONS[activation]
    h, zs = x, []
    for w_l in w:  # forward: keep each z for the way back
        zs.append(w_l @ h)  # (d,)
        h = phi(zs[-1]) if branch is None else h + branch * phi(zs[-1])  # (d,)
    grads = [grad]
    for w_l, z in zip(w[::-1], zs[::-1], strict=True):
        back = w_l.T @ (dphi(z) * grads[-1])  # (d,): Jacobian diag(φ'(z)) W, transposed
        grads.append(back if branch is None else grads[-1] + branch * back)
    return np.array(grads[::-1])  # (L + 1, d), from the input to the output


# --8<-- [end:chain]


def norms(
    activation: str, gain: float, branch: float | None = None, depth: int = 50, width: int = 128, seed: int = 0
) -> Array:
    r"""$\|\partial L/\partial h_l\|$ relative to the output's, for l = 0 … depth: (depth + 1,)."""
    rng = np.random.default_rng(seed)
    w = weights(rng, depth, width, gain)  # (depth, d, d)
    x, grad = rng.normal(size=(2, width))  # (d,) each
    size: Array = np.linalg.norm(gradients(w, x, grad, activation, branch), axis=1)  # (depth + 1,)
    relative: Array = size / size[-1]
    return relative


def spectral_bound(w: Array, largest_slope: float) -> float:
    r"""$\prod_l\gamma\,\sigma_{\max}(W_l)$, which no gradient of the chain can exceed; `w` (L, d, d)."""
    return prod(largest_slope * float(np.linalg.norm(w_l, 2)) for w_l in w)


# --8<-- [start:clip]
def clip_by_norm(grads: list[Array], limit: float) -> tuple[list[Array], float]:
    """All gradients scaled by one factor so that their joint norm is at most `limit`; and the norm before."""
    norm = sqrt(sum(float((g**2).sum()) for g in grads))
    factor = min(1.0, limit / norm) if norm > 0 else 1.0
    return [g * factor for g in grads], norm


# --8<-- [end:clip]


def output_gradients(z: float, y: float) -> tuple[float, float]:
    r"""$\partial L/\partial z$ at $p=\sigma(z)$ for squared error $\frac12(p-y)^2$ and for cross-entropy."""
    p = 1 / (1 + exp(-z))
    return (p - y) * p * (1 - p), p - y
