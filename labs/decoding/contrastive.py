r"""Contrastive decoding: the token whose probability a strong model raises most over a weak one, if it is plausible.

Source: Li et al., *Contrastive Decoding* (arXiv:2210.15097), section 3.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]


def log_softmax(logits: Array) -> Array:
    """log p over the last axis: (…, V) → (…, V)."""
    z = logits - logits.max(-1, keepdims=True)
    return np.asarray(z - np.log(np.exp(z).sum(-1, keepdims=True)))


# --8<-- [start:scores]
def plausible(expert: Array, alpha: float) -> npt.NDArray[np.bool_]:
    """Tokens with at least `alpha` times the probability of the expert's favourite; logits (V,) → (V,)."""
    p = softmax(expert)  # (V,)
    return np.asarray(p >= alpha * p.max())


def contrast(expert: Array, amateur: Array, alpha: float = 0.1, t: float = 1.0) -> Array:
    """Scores (V,) = log p_expert − log p_amateur at temperature `t`, −∞ outside the plausible set (alpha = 0: all)."""
    gain = log_softmax(expert) - log_softmax(amateur / t)  # (V,)
    return np.where(plausible(expert, alpha), gain, -np.inf)


# --8<-- [end:scores]
