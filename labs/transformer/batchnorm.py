r"""Batch normalisation: statistics of the batch in training, running averages in evaluation.

Source: Ioffe and Szegedy (arXiv:1502.03167), algorithms 1 and 2; running statistics as in torch.nn.BatchNorm1d.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:batchnorm]
class BatchNorm:
    """Normalises each of d features over all other axes of the input (…, d)."""

    def __init__(self, d: int, momentum: float = 0.1, eps: float = 1e-5) -> None:
        self.gamma, self.beta = np.ones(d), np.zeros(d)  # learned by gradient descent
        self.mean, self.var = np.zeros(d), np.ones(d)  # never touched by a gradient
        self.momentum, self.eps = momentum, eps

    def __call__(self, x: Array, training: bool) -> Array:
        rows = x.reshape(-1, x.shape[-1])  # (m, d): batch and positions together, features apart
        mean, var = self.mean, self.var
        if training:
            mean, var = rows.mean(axis=0), rows.var(axis=0)  # (d,), biased: this normalises
            unbiased = var * len(rows) / (len(rows) - 1)  # this is remembered
            self.mean = (1 - self.momentum) * self.mean + self.momentum * mean
            self.var = (1 - self.momentum) * self.var + self.momentum * unbiased
        out: Array = self.gamma * (x - mean) / np.sqrt(var + self.eps) + self.beta
        return out


# --8<-- [end:batchnorm]


# --8<-- [start:shift]
def drift(batch_norm: bool, seed: int = 0, steps: int = 100, rate: float = 0.2, d: int = 16) -> list[float]:
    """How far the input of the second layer moves while an MLP learns: distance of its feature means from the start.

    Two tanh layers, squared error, full batch, so that every change comes from the layer below.
    """
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((128, d))  # (n, d)
    target = np.sin(x @ rng.standard_normal((d, 1)))  # (n, 1)
    w1, w2 = rng.standard_normal((d, d)) / np.sqrt(d), rng.standard_normal((d, 1)) / np.sqrt(d)
    means = []
    for _ in range(steps):
        z = x @ w1  # (n, d)
        std = np.sqrt(z.var(axis=0) + 1e-5) if batch_norm else np.ones(d)
        y = (z - z.mean(axis=0)) / std if batch_norm else z
        h = np.tanh(y)  # (n, d): what the second layer sees
        means.append(y.mean(axis=0))
        g = 2 * (h @ w2 - target) / len(x)  # (n, 1)
        g_y = (g @ w2.T) * (1 - h**2)  # (n, d)
        if batch_norm:
            g_y = (g_y - g_y.mean(axis=0) - y * (g_y * y).mean(axis=0)) / std
        w2, w1 = w2 - rate * h.T @ g, w1 - rate * x.T @ g_y
    return [float(np.linalg.norm(m - means[0])) for m in means]


# --8<-- [end:shift]
