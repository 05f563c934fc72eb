r"""LoRA: a frozen weight W₀ (d, k) plus a trained low-rank branch s·BA, with A (r, k), B (d, r).

Sources: Hu et al., *LoRA* (arXiv:2106.09685), section 4; Kalajdzievski, *rsLoRA* (arXiv:2312.03732).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:forward]
def forward(x: Array, w0: Array, a: Array, b: Array, scale: float) -> Array:
    """`x` (n, k) through the frozen `w0` (d, k) and, in parallel, down to r by `a` (r, k) and up by `b` (d, r)."""
    return x @ w0.T + scale * ((x @ a.T) @ b.T)  # (n, d): two thin products, B·A is never formed


def backward(x: Array, w0: Array, a: Array, b: Array, scale: float, grad: Array) -> tuple[Array, Array, Array]:
    """Gradients of A, B and x from `grad` = ∂L/∂h (n, d); W₀ gets none, but the gradient of x passes through it."""
    grad_a = scale * (grad @ b).T @ x  # (r, k): zero while B = 0
    grad_b = scale * grad.T @ (x @ a.T)  # (d, r): zero while A = 0
    grad_x = grad @ w0 + scale * (grad @ b) @ a  # (n, k)
    return grad_a, grad_b, grad_x


def merge(w0: Array, a: Array, b: Array, scale: float) -> Array:
    """The weight to deploy, of the shape of `w0`; subtract the same product to take the adapter out again."""
    merged: Array = w0 + scale * b @ a  # (d, k)
    return merged


# --8<-- [end:forward]


def parameters(d: int, k: int, r: int) -> int:
    """Trained parameters of one adapted matrix: r(d + k)."""
    return r * (d + k)


# --8<-- [start:memory]
def state_bytes(frozen: float, trained: float, frozen_bytes: float = 2) -> float:
    """Bytes of weights, gradients and AdamW states, without activations.

    Mixed precision spends 16 a trained parameter: weight 2, gradient 2, float32 master weight 4, two moments 4 + 4.
    """
    return frozen_bytes * frozen + 16 * trained


# --8<-- [end:memory]


# --8<-- [start:scale]
def scale_of(rule: str, alpha: float, r: int) -> float:
    """The factor of the branch: α/r (LoRA) or α/√r (rsLoRA)."""
    return alpha / r if rule == "lora" else alpha / float(np.sqrt(r))


def first_update(rng: np.random.Generator, width: int, r: int, scale: float, optimizer: str, lr: float = 1e-3) -> float:
    """‖Δh‖ of one input after the first step from A ~ N(0, 1/width), B = 0, for ∂L/∂h = g of unit length.

    B is the only factor that moves: its gradient is s·g(Ax)ᵀ, and SGD steps along it, Adam along its sign.
    """
    a = rng.standard_normal((r, width)) / np.sqrt(width)  # (r, k)
    x = rng.standard_normal((1, width))  # (1, k)
    g = rng.standard_normal((1, width))  # (1, d)
    g /= np.linalg.norm(g)
    grad_b = scale * g.T @ (x @ a.T)  # (d, r)
    b = -lr * (np.sign(grad_b) if optimizer == "adam" else grad_b)  # (d, r)
    return float(np.linalg.norm(scale * (x @ a.T) @ b.T))


# --8<-- [end:scale]
