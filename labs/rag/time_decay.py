r"""Similarity with a bonus for recency, and the half-life that a decay constant stands for.

Recency, importance and relevance are summed in Park et al., *Generative Agents* (arXiv:2304.03442), section 4.1.
"""

from __future__ import annotations

from math import log

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:decay]
def score(similarity: Array, age: Array, lam: float, tau: float) -> Array:
    """sim + λ e^{−age/τ}; `similarity` and `age` (n,)."""
    return similarity + lam * np.exp(-age / tau)


def half_life(tau: float) -> float:
    """Age at which the bonus has halved."""
    return tau * log(2)


def break_even(gap: float, lam: float, tau: float) -> float:
    """Age from which a passage that is `gap` more similar than one of age 0 loses to it; ∞ if it never does."""
    rest = 1 - gap / lam  # the bonus that still suffices, as a share of λ
    return -tau * log(rest) if rest > 0 else float("inf")


# --8<-- [end:decay]
