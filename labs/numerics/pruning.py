r"""Pruning a weight matrix: by magnitude, by Wanda's score, and in the 2:4 pattern that hardware can use.

Source: Sun et al., *A Simple and Effective Pruning Approach for Large Language Models* (arXiv:2306.11695), section 3.
`w` (c, d) has c outputs and d inputs, `x` (n, d) are calibration inputs of the layer x Wᵀ.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


# --8<-- [start:scores]
def magnitude(w: Array) -> Array:
    """|W| (c, d)."""
    return np.abs(w)


def wanda(w: Array, x: Array) -> Array:
    """|W_ij| times the norm of input feature j over all tokens: (c, d)."""
    score: Array = np.abs(w) * np.linalg.norm(x, axis=0)
    return score


# --8<-- [end:scores]


# --8<-- [start:masks]
def keep_layer(score: Array, sparsity: float) -> Mask:
    """True (c, d) for what stays when the lowest scores of the whole matrix go."""
    drop = round(sparsity * score.size)
    keep = np.ones(score.size, dtype=bool)
    keep[np.argsort(score, axis=None, kind="stable")[:drop]] = False
    return keep.reshape(score.shape)


def keep_rows(score: Array, sparsity: float) -> Mask:
    """The same within every output row, as Wanda compares."""
    return np.stack([keep_layer(row, sparsity) for row in score])


def keep_n_of_m(score: Array, n: int = 2, m: int = 4) -> Mask:
    """The `n` best of every `m` neighbours in a row, (c, d) with d a multiple of m."""
    groups = score.reshape(-1, m)  # (c·d/m, m)
    keep = np.zeros(groups.shape, dtype=bool)
    np.put_along_axis(keep, np.argsort(groups, axis=1)[:, m - n :], True, axis=1)
    return keep.reshape(score.shape)


# --8<-- [end:masks]


def output_error(w: Array, keep: Mask, x: Array) -> float:
    """Relative Frobenius error of the layer's output x Wᵀ."""
    return float(np.linalg.norm(x @ (w * ~keep).T) / np.linalg.norm(x @ w.T))


def outlier_layer(seed: int = 0, c: int = 64, d: int = 64, n: int = 256) -> tuple[Array, Array]:
    """Gaussian weights (c, d) and inputs (n, d) of which four features are 20 times as large as the others."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, d))  # (n, d)
    x[:, :4] *= 20
    return rng.standard_normal((c, d)), x


# --8<-- [start:bits]
def stored_fraction(kept: float, value_bits: float = 16, index_bits: float = 0) -> float:
    """Size of a sparse matrix over the dense one: values kept, each with an index."""
    return kept * (value_bits + index_bits) / value_bits


# --8<-- [end:bits]
