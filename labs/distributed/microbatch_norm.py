r"""Normalisation when a batch is cut into microbatches: batch statistics change, layer statistics do not.

Source: Huang et al., *GPipe* (arXiv:1811.06965), section 2.2: BatchNorm uses the microbatch in training and tracks
averages of the whole mini-batch for evaluation.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.transformer.batchnorm import BatchNorm
from labs.transformer.layernorm import layer_norm

Array = npt.NDArray[np.float64]


# --8<-- [start:change]
def change(x: Array, micro: int, norm: str) -> float:
    """Root mean square difference between normalising x (N, d) at once and in `micro` microbatches."""

    def apply(part: Array) -> Array:
        d = part.shape[1]
        if norm == "batch":
            return BatchNorm(d)(part, training=True)
        return layer_norm(part, np.ones(d), np.zeros(d))

    parts = np.concatenate([apply(part) for part in np.split(x, micro)])  # (N, d)
    return float(np.sqrt(((parts - apply(x)) ** 2).mean()))


def mini_batch_statistics(x: Array, micro: int) -> tuple[Array, Array]:
    """Mean and variance (d,) of the mini-batch from sums that each microbatch adds to: what evaluation needs."""
    total, squares = np.zeros(x.shape[1]), np.zeros(x.shape[1])
    for part in np.split(x, micro):
        total, squares = total + part.sum(axis=0), squares + (part**2).sum(axis=0)
    mean = total / len(x)
    return mean, squares / len(x) - mean**2


# --8<-- [end:change]
