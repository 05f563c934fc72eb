r"""Two rankings into one: reciprocal rank fusion, a weighted sum of rescaled scores, and a cascade.

Source of RRF and of its constant 60: Cormack, Clarke & Büttcher, *Reciprocal Rank Fusion* (SIGIR 2009).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from labs.rag.metrics import ranking

Array = npt.NDArray[np.float64]


# --8<-- [start:fusion]
def places(scores: Array) -> Array:
    """1-based place of every passage; `scores` (…, n)."""
    out: Array = (
        np.argsort(ranking(scores), axis=-1, kind="stable").astype(np.float64) + 1
    )  # a permutation's argsort is its inverse
    return out


def rrf(lists: Sequence[Array], k: float = 60) -> Array:
    """Σ 1/(k + place): only the order of each list counts, so no rescaling is needed."""
    out: Array = np.sum([1 / (k + places(scores)) for scores in lists], axis=0)
    return out


def min_max(scores: Array) -> Array:
    """Each row to 0…1."""
    low, high = scores.min(-1, keepdims=True), scores.max(-1, keepdims=True)
    out: Array = (scores - low) / np.where(high > low, high - low, 1)
    return out


def weighted(first: Array, second: Array, weight: float) -> Array:
    """weight · first + (1 − weight) · second, after each is rescaled to 0…1."""
    return weight * min_max(first) + (1 - weight) * min_max(second)


def cascade(first: Array, second: Array, keep: int) -> Array:
    """`second` orders the best `keep` of `first`; everything else is out of reach (−∞)."""
    return np.where(places(first) <= keep, second, -np.inf)


# --8<-- [end:fusion]
