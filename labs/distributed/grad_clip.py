r"""Clipping by the global norm when no rank holds the whole gradient: one number must be all-reduced.

Source: Pascanu et al. (arXiv:1211.5063), algorithm 1; `FullyShardedDataParallel.clip_grad_norm_`.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
import numpy.typing as npt

from labs.distributed.collectives import all_reduce

Array = npt.NDArray[np.float64]


# --8<-- [start:clip]
def global_norm(shards: list[Array], copies: list[int] | None = None) -> float:
    """√(Σ over ranks of Σ g²): norms do not add, squares do. `copies[r]`: how many ranks hold the same piece."""
    times = copies or [1] * len(shards)
    squares = np.array([[float((g**2).sum()) / k] for g, k in zip(shards, times, strict=True)])  # (N, 1)
    return sqrt(all_reduce(squares)[0, 0])


def clip_shards(shards: list[Array], limit: float, scale: float = 1.0) -> tuple[list[Array], float]:
    """Undo the loss scale, then shrink all shards by one common factor; returns them and the norm before."""
    unscaled = [g / scale for g in shards]
    norm = global_norm(unscaled)
    factor = min(1.0, limit / norm) if norm > 0 else 1.0
    return [g * factor for g in unscaled], norm


# --8<-- [end:clip]


def clip_locally(shards: list[Array], limit: float) -> list[Array]:
    """The mistake: each rank clips by the norm of what it holds, which turns the gradient."""
    return [clip_shards([g], limit)[0][0] for g in shards]
