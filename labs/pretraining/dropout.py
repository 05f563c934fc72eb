r"""Dropout: noise without bias, its variance, and what it averages over.

Source: Srivastava et al., *Dropout* (2014), sections 1, 4, 9 and 10. The forward pass with a training flag is
`labs.foundations.train_eval.dropout`; here are its backward pass, its moments, and all 2^d thinned networks.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


# --8<-- [start:dropout]
def forward(x: Array, kept: Mask, p: float) -> Array:
    """Inverted dropout: what is kept grows by 1/(1 - p), so the expectation is `x` and evaluation does nothing."""
    return np.where(kept, x / (1 - p), 0.0)


def backward(g: Array, kept: Mask, p: float) -> Array:
    """The gradient passes where the value did, with the same factor: the mask is saved, one byte an element."""
    return forward(g, kept, p)


def moments(x: Array, p: float) -> tuple[Array, Array]:
    """Mean and variance of each output: x, and x²p/(1 - p)."""
    return x, x**2 * p / (1 - p)


# --8<-- [end:dropout]


# --8<-- [start:ensemble]
def masks(d: int) -> Mask:
    """All 2^d masks (2^d, d); at p = 1/2 they are equally likely."""
    return np.array(list(product([False, True], repeat=d)))


def mean_output(x: Array, w: Array) -> Array:
    """Mean over all thinned networks of a linear layer: `x` (d,), `w` (d, c) → (c,)."""
    mean: Array = np.mean([forward(x, kept, 0.5) @ w for kept in masks(len(x))], axis=0)
    return mean


def geometric_mean(x: Array, w: Array) -> Array:
    """Normalised geometric mean (c,) of the 2^d softmax classifiers without rescaling (the original dropout)."""
    logs = np.mean([np.log(softmax((x * kept) @ w)) for kept in masks(len(x))], axis=0)  # (c,)
    return softmax(logs)


def mean_relu(x: Array, w: Array) -> float:
    """Mean of relu(dropout(x) · w) over all masks, `w` (d,): not relu(x · w), for relu is not linear."""
    return float(np.mean([max(forward(x, kept, 0.5) @ w, 0.0) for kept in masks(len(x))]))


# --8<-- [end:ensemble]
