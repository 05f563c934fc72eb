r"""LayerNorm, RMSNorm and pRMSNorm: one token at a time, over its features.

Source: Ba et al. (arXiv:1607.06450); Zhang and Sennrich (arXiv:1910.07467), sections 3 and 3.2.
"""

from __future__ import annotations

from math import ceil

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:norms]
def layer_norm(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """Mean 0 and variance 1 over the features of each token, then gain and offset: (…, d) → (…, d)."""
    centred = x - x.mean(axis=-1, keepdims=True)
    out: Array = gamma * centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + eps) + beta
    return out


def rms_norm(x: Array, gain: Array, eps: float = 1e-6, share: float = 1.0) -> Array:
    """Divide by the root mean square; `share` < 1 estimates it from the first features only (pRMSNorm)."""
    head = x[..., : ceil(x.shape[-1] * share)]  # (…, k)
    out: Array = gain * x / np.sqrt((head**2).mean(axis=-1, keepdims=True) + eps)  # all d features are divided
    return out


# --8<-- [end:norms]


# --8<-- [start:estimate]
def estimate_error(d: int, share: float, seed: int = 0, tokens: int = 4000) -> float:
    """Relative error (standard deviation) of the RMS from the first share·d of d independent normal features."""
    x = np.random.default_rng(seed).standard_normal((tokens, d))  # (tokens, d)
    part = np.sqrt((x[:, : ceil(d * share)] ** 2).mean(axis=1))  # (tokens,)
    return float((part / np.sqrt((x**2).mean(axis=1))).std())


# --8<-- [end:estimate]
