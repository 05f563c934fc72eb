r"""QK-Norm bounds the attention logits: RMSNorm per head on q and k fixes their lengths, only the angle is left.

Sources: Qwen3 (arXiv:2505.09388), section 2; Dehghani et al. (arXiv:2302.05442), section 3, for the idea at scale.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:norm]
def rms_norm(x: Array, gain: Array, eps: float = 0.0) -> Array:
    """Each row gets length √d, then a gain per dimension: (…, d) → (…, d)."""
    scaled: Array = x / np.sqrt((x**2).mean(axis=-1, keepdims=True) + eps) * gain  # (..., d)
    return scaled


def logits(q: Array, k: Array, gain_q: Array, gain_k: Array) -> Array:
    """Scores of normalised queries (n, d) and keys (m, d): (n, m)."""
    return rms_norm(q, gain_q) @ rms_norm(k, gain_k).T / sqrt(q.shape[-1])


def bound(gain_q: Array, gain_k: Array) -> float:
    """No logit exceeds √d · max|g_q| · max|g_k|, whatever W_Q and W_K have grown to."""
    return sqrt(len(gain_q)) * float(np.abs(gain_q).max() * np.abs(gain_k).max())


# --8<-- [end:norm]
