r"""A deep MLP with and without shortcuts: gradient at the input, and training loss.

Source: He et al., *Deep Residual Learning for Image Recognition* (arXiv:1512.03385), sections 3.1 and 4.1.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:net]
def initial(rng: np.random.Generator, depth: int, d: int) -> list[Array]:
    """`depth` matrices (d, d) with He's variance 2/d."""
    return [rng.standard_normal((d, d)) * sqrt(2 / d) for _ in range(depth)]


def forward(x: Array, weights: list[Array], skip: bool) -> list[Array]:
    """All activations (n, d): x + relu(x) W / √depth with shortcuts, relu(x) W without."""
    hidden = [x]
    for w in weights:
        branch = np.maximum(hidden[-1], 0) @ w  # (n, d)
        hidden.append(hidden[-1] + branch / sqrt(len(weights)) if skip else branch)
    return hidden


def backward(g: Array, hidden: list[Array], weights: list[Array], skip: bool) -> tuple[list[Array], Array]:
    """Gradients of the weights and of the input from the gradient `g` (n, d) at the output."""
    scale, grads = (1 / sqrt(len(weights)) if skip else 1.0), []
    for x, w in zip(hidden[-2::-1], weights[::-1], strict=True):
        grads.append(scale * np.maximum(x, 0).T @ g)
        through = scale * (g @ w.T) * (x > 0)  # what passes the branch
        g = g + through if skip else through  # the shortcut adds g itself: I + ∂F/∂x
    return grads[::-1], g


# --8<-- [end:net]


# --8<-- [start:train]
def train(depth: int, skip: bool, seed: int = 0, steps: int = 200, rate: float = 0.02, d: int = 16) -> list[float]:
    """Losses of full-batch gradient descent on the task "return the input" (mean squared error, 64 samples)."""
    rng = np.random.default_rng(seed)
    weights, x = initial(rng, depth, d), rng.standard_normal((64, d))
    losses = []
    for _ in range(steps):
        hidden = forward(x, weights, skip)
        error = hidden[-1] - x  # (64, d)
        losses.append(float((error**2).mean()))
        grads, _ = backward(2 * error / len(x), hidden, weights, skip)
        total = sqrt(sum(float((g**2).sum()) for g in grads))
        weights = [w - rate * g * min(1, 1 / total) for w, g in zip(weights, grads, strict=True)]  # clipped at 1
    return losses


# --8<-- [end:train]
