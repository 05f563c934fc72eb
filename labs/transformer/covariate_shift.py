r"""Internal covariate shift measured on gradients: does a layer's gradient survive the update of those below it?

Source: Santurkar et al. (arXiv:1805.11604), definition 2.1: $\|G_i-G'_i\|$ with $G'_i$ taken after layers 1…i−1 moved.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:gradients]
def gradients(x: Array, target: Array, weights: list[Array], batch_norm: bool) -> tuple[float, list[Array]]:
    """Loss and gradients of an MLP with tanh (or BatchNorm, then tanh) after all matrices but the last."""
    hidden, saved = [x], []
    for w in weights[:-1]:
        z = hidden[-1] @ w  # (n, d)
        std = np.sqrt(z.var(axis=0) + 1e-5) if batch_norm else np.ones(w.shape[1])
        y = (z - z.mean(axis=0)) / std if batch_norm else z
        saved.append((y, std))
        hidden.append(np.tanh(y))
    error = hidden[-1] @ weights[-1] - target  # (n, 1)
    g, grads = 2 * error / len(x), []
    for i in reversed(range(len(weights))):
        grads.append(hidden[i].T @ g)
        if i > 0:
            y, std = saved[i - 1]
            g = (g @ weights[i].T) * (1 - hidden[i] ** 2)
            g = (g - g.mean(axis=0) - y * (g * y).mean(axis=0)) / std if batch_norm else g
    return float((error**2).mean()), grads[::-1]


# --8<-- [end:gradients]


# --8<-- [start:shift]
def shift(batch_norm: bool, depth: int = 6, steps: int = 60, rate: float = 0.1, seed: int = 0) -> tuple[float, float]:
    """(last loss, mean relative shift) of gradient descent: ‖G − G'‖ / ‖G‖, averaged over layers 2… and steps."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((64, 16))  # (n, d)
    target = np.sin(x @ rng.standard_normal((16, 1)))  # (n, 1)
    weights = [rng.standard_normal((16, 16)) / 4 for _ in range(depth - 1)] + [rng.standard_normal((16, 1)) / 4]
    ratios, loss = [], 0.0
    for _ in range(steps):
        loss, before = gradients(x, target, weights, batch_norm)
        moved = [w - rate * g for w, g in zip(weights, before, strict=True)]
        for i in range(1, depth):  # only the layers below i have moved
            after = gradients(x, target, moved[:i] + weights[i:], batch_norm)[1][i]
            ratios.append(float(np.linalg.norm(after - before[i]) / np.linalg.norm(before[i])))
        weights = moved
    return loss, float(np.mean(ratios))


# --8<-- [end:shift]
