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
