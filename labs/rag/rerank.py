r"""A second stage: order the first stage's candidates by a learned function of query and passage together.

The features need both texts at once, as a cross-encoder does, so nothing can be computed ahead; weights are fitted by a
softmax over all passages of a query (listwise), on other pages than those it is tested on.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


# --8<-- [start:fit]
def fit(features: Array, relevant: Ints, steps: int = 400, lr: float = 5.0, decay: float = 1e-3) -> Array:
    """(f,) weights from `features` (q, n, f) and the relevant passage of each query (q,)."""
    weights = np.zeros(features.shape[-1])  # (f,)
    flat = features.reshape(-1, len(weights))  # (q·n, f)
    wanted = features[np.arange(len(relevant)), relevant].mean(0)  # (f,)
    for _ in range(steps):
        share = softmax((flat @ weights).reshape(features.shape[:2]))  # (q, n)
        expected = share.ravel() @ flat / len(relevant)  # (f,)
        weights -= lr * (expected - wanted + decay * weights)
    return weights


def cross_fitted(features: Array, relevant: Ints, groups: Ints) -> Array:
    """(q, n) scores, each query scored by weights that never saw its group; `groups` (q,) numbers the folds."""
    out = np.empty(features.shape[:2])  # (q, n)
    for fold in np.unique(groups):
        rest, held = groups != fold, groups == fold
        out[held] = features[held] @ fit(features[rest], relevant[rest])
    return out


# --8<-- [end:fit]
