r"""Cutting vectors short: harmless where early dimensions carry the most, as in an SVD, and costly after a rotation."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.rag.dense import unit

Array = npt.NDArray[np.float64]


# --8<-- [start:cut]
def cut_scores(queries: Array, passages: Array, dims: int) -> Array:
    """(q, n) cosine of the first `dims` numbers of each vector; `queries` (q, d), `passages` (n, d)."""
    return unit(queries[:, :dims]) @ unit(passages[:, :dims]).T


def rotation(d: int, seed: int = 0) -> Array:
    """(d, d) a random orthogonal matrix: it changes no dot product, and spreads every direction over all dimensions."""
    return np.linalg.qr(np.random.default_rng(seed).standard_normal((d, d)))[0]


# --8<-- [end:cut]
