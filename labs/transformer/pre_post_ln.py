r"""Gradients at initialisation: Pre-LN, Post-LN and DeepNorm stacks, with the backward pass written by hand.

Source: Xiong et al. (arXiv:2002.04745), section 3.3 (Pre-LN, Post-LN); Wang et al. (arXiv:2203.00555),
section 4 (DeepNorm). One head, no biases; tests compare every gradient with automatic differentiation.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]
Weights = list[tuple[Array, ...]]  # per sub-layer: (w_qk, w_v, w_o) or (w_1, w_2)


def xavier(rng: np.random.Generator, rows: int, columns: int, gain: float = 1.0) -> Array:
    """Variance gain² · 2 / (rows + columns)."""
    w: Array = rng.standard_normal((rows, columns)) * gain * sqrt(2 / (rows + columns))
    return w


# --8<-- [start:deepnorm]
def constants(kind: str, layers: int) -> tuple[float, float]:
    """(α, β): weight of the shortcut and gain of W_V, W_O, W_1, W_2; DeepNorm's are those of a decoder."""
    return ((2 * layers) ** 0.25, (8 * layers) ** -0.25) if kind == "deepnorm" else (1.0, 1.0)


def initial(rng: np.random.Generator, kind: str, layers: int, d: int) -> Weights:
    """Attention and FFN in turn, 2L sub-layers; W_Q W_Kᵀ keeps gain 1, as DeepNorm prescribes."""
    beta = constants(kind, layers)[1]
    weights: Weights = []
    for _ in range(layers):
        w_qk = xavier(rng, d, d) @ xavier(rng, d, d).T  # (d, d), W_Q W_Kᵀ as one matrix
        weights.append((w_qk, xavier(rng, d, d, beta), xavier(rng, d, d, beta)))
        weights.append((xavier(rng, d, 4 * d, beta), xavier(rng, 4 * d, d, beta)))
    return weights


# --8<-- [end:deepnorm]


# --8<-- [start:norm]
def norm(x: Array) -> tuple[Array, Array]:
    """LayerNorm (γ = 1, β = 0) of each row of `x` (n, d), and the standard deviations (n, 1)."""
    centred = x - x.mean(axis=-1, keepdims=True)
    std: Array = np.sqrt((centred**2).mean(axis=-1, keepdims=True))
    return centred / std, std


def norm_backward(g: Array, y: Array, std: Array) -> Array:
    """Gradient at the input: parts along 1 and along y vanish, the rest is divided by the std."""
    out: Array = (g - g.mean(axis=-1, keepdims=True) - y * (g * y).mean(axis=-1, keepdims=True)) / std
    return out


# --8<-- [end:norm]


def branch(y: Array, w: tuple[Array, ...]) -> tuple[Array, tuple[Array, ...]]:
    """Causal attention (three weights) or ReLU FFN (two): output (n, d) and what its backward needs."""
    if len(w) == 2:
        h = np.maximum(y @ w[0], 0)  # (n, 4d)
        return h @ w[1], (y, h)
    s = np.where(np.tri(len(y), dtype=bool), y @ w[0] @ y.T / sqrt(y.shape[1]), -np.inf)  # (n, n)
    p, v = softmax(s), y @ w[1]  # (n, n), (n, d)
    return p @ v @ w[2], (y, p, v)


def branch_backward(g: Array, w: tuple[Array, ...], saved: tuple[Array, ...]) -> tuple[list[Array], Array]:
    """Gradients of the weights of the branch, and of its input (n, d)."""
    if len(w) == 2:
        y, h = saved
        g_h = (g @ w[1].T) * (h > 0)  # (n, 4d)
        return [y.T @ g_h, h.T @ g], g_h @ w[0].T
    y, p, v = saved
    g_o = g @ w[2].T  # (n, d), gradient at p @ v
    g_v, g_p = p.T @ g_o, g_o @ v.T  # (n, d), (n, n)
    g_s = p * (g_p - (g_p * p).sum(axis=1, keepdims=True)) / sqrt(y.shape[1])  # (n, n), softmax backward
    return [y.T @ g_s @ y, y.T @ g_v, (p @ v).T @ g], g_s @ y @ w[0].T + g_s.T @ y @ w[0] + g_v @ w[1].T


# --8<-- [start:stack]
def forward(x: Array, weights: Weights, kind: str) -> tuple[Array, list[tuple[Array, ...]], list[Array]]:
    """Output (n, d), saved tensors of each sub-layer, and the trunk after each; Pre-LN ends with a norm."""
    alpha, saved, trunk = constants(kind, len(weights) // 2)[0], [], []
    for w in weights:
        y, std = norm(x) if kind == "pre" else (x, np.ones((len(x), 1)))
        f, of_branch = branch(y, w)
        x = alpha * x + f  # (n, d): the trunk; only Post-LN and DeepNorm normalise it
        out, out_std = (x, std) if kind == "pre" else norm(x)
        saved.append((y, std, out, out_std, *of_branch))
        trunk.append(x)
        x = out
    return (norm(x)[0] if kind == "pre" else x), saved, trunk


def backward(
    g: Array, weights: Weights, kind: str, saved: list[tuple[Array, ...]], trunk: list[Array]
) -> list[list[Array]]:
    """Gradients of all weights from the gradient `g` (n, d) at the output."""
    alpha, grads = constants(kind, len(weights) // 2)[0], []
    if kind == "pre":
        g = norm_backward(g, *norm(trunk[-1]))
    for w, (y, std, out, out_std, *of_branch) in zip(weights[::-1], saved[::-1], strict=True):
        g = g if kind == "pre" else norm_backward(g, out, out_std)  # Post-LN: a division per sub-layer
        of_w, g_y = branch_backward(g, w, tuple(of_branch))
        grads.append(of_w)
        g = alpha * g + (norm_backward(g_y, y, std) if kind == "pre" else g_y)  # shortcut + branch
    return grads[::-1]


# --8<-- [end:stack]
