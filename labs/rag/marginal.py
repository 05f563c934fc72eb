r"""The two likelihoods of the RAG paper: one document for the whole answer, or a new choice at every token.

Source: Lewis et al. (arXiv:2005.11401), section 2.1.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:marginal]
def rag_sequence(prior: Array, tokens: Array) -> float:
    """Σ_z p(z|x) Π_i p(y_i|x, z, y_<i); `prior` (k,), `tokens` (k, n): each answer token's chance under z."""
    return float((prior * tokens.prod(1)).sum())


def rag_token(prior: Array, tokens: Array) -> float:
    """Π_i Σ_z p(z|x) p(y_i|x, z, y_<i): every token may lean on another document."""
    return float((prior @ tokens).prod())


def posterior(prior: Array, tokens: Array) -> Array:
    """(k,) p(z|x, y) ∝ p(z|x) p(y|x, z): which document the answer came from."""
    joint = prior * tokens.prod(1)  # (k,)
    return np.asarray(joint / joint.sum())


# --8<-- [end:marginal]
