r"""Multi-token prediction: which label each head gets, DeepSeek-V3's sequential module, and its loss.

Sources: Gloeckle et al. (arXiv:2404.19737), section 2; DeepSeek-V3 (arXiv:2412.19437), section 2.2,
equations 21 to 25.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.masks import causal_mask
from labs.attention.scaled_dot_product import attention, softmax

Array = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]


# --8<-- [start:labels]
def labels(ids: Ids, depth: int) -> Ids:
    """What depth k predicts at positions 0 … T−2−k: the token k+1 later. ids (T,), result (T−1−k,)."""
    return ids[1 + depth :]


def loss(logits: Array, ids: Ids, depth: int) -> float:
    """Cross-entropy of depth k from logits (T−1−k, V) over ids (T,), divided by the T−1 inputs at every depth."""
    want = labels(ids, depth)  # (T−1−k,)
    picked = softmax(logits)[np.arange(len(want)), want]  # (T−1−k,)
    return float(-np.log(picked).sum() / (len(ids) - 1))


def total(main: float, extra: list[float], weight: float) -> float:
    """Main loss plus weight times the mean over depths."""
    return main + weight * sum(extra) / len(extra)


# --8<-- [end:labels]


# --8<-- [start:module]
def rms_norm(x: Array) -> Array:
    """Rows divided by their root mean square: (t, d)."""
    return np.asarray(x / np.sqrt((x**2).mean(axis=-1, keepdims=True) + 1e-6))


def mtp_input(hidden: Array, embedded: Array, depth: int, m: Array) -> Array:
    """h'_i = M [RMSNorm(h_i); RMSNorm(Emb(t_{i+k}))]: (t, d) of depth k−1 to (t−1, d) of depth k.

    `embedded` (T, d) holds all embeddings, `m` (2d, d): row i joins what it knew with the token k later.
    """
    rows = len(hidden) - 1  # the last position has no token k later
    later = embedded[depth : depth + rows]  # (t−1, d)
    return np.concatenate([rms_norm(hidden[:rows]), rms_norm(later)], axis=1) @ m  # (t−1, d)


def causal_block(x: Array) -> Array:
    """The smallest Transformer block, causal attention and a residual: (t, d). It stands for TRM_k."""
    return np.asarray(x + attention(x, x, x, causal_mask(len(x))))


# --8<-- [end:module]


# --8<-- [start:speed]
def tokens_per_step(accept: list[float]) -> float:
    """Tokens that one pass of the main model yields when draft j is accepted with probability accept[j]."""
    return float(1 + np.cumprod(accept).sum())


# --8<-- [end:speed]
