r"""Softmax and sigmoid gates: do experts compete for the score, and what weights do the chosen ones get?

Sources: DeepSeek-V2 (arXiv:2405.04434), section 2.2.1; DeepSeek-V3 (arXiv:2412.19437), equations 12 to 16.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax
from labs.moe.layer import top_k
from labs.transformer.ffn import sigmoid

Array = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]


# --8<-- [start:gates]
def affinity(logits: Array, kind: str) -> Array:
    """Scores (T, E): "softmax" shares 1 among all experts, "sigmoid" scores each by itself."""
    return softmax(logits) if kind == "softmax" else sigmoid(logits)


def gate(logits: Array, k: int, kind: str, normalize: bool = True, scale: float = 1.0) -> tuple[Ids, Array]:
    """Experts (T, k) and weights (T, k), normalised over the chosen ones (V3) or as they are (V2's formula)."""
    s = affinity(logits, kind)  # (T, E)
    ids = top_k(s, k)
    g = np.take_along_axis(s, ids, axis=-1)  # (T, k)
    if normalize:
        g = g / g.sum(axis=-1, keepdims=True)
    return ids, scale * g


# --8<-- [end:gates]
