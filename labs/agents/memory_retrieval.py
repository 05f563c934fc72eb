r"""What to recall: recency, importance and relevance of each memory, scaled to 0…1 and added.

Source: Park et al., *Generative Agents* (arXiv:2304.03442), section 4.1; the variant `by_rank` is the order of the
public code (reverie/backend_server/persona/cognitive_modules/retrieve.py).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:score]
def unit(x: Array) -> Array:
    """Min-max to 0…1; a constant vector says nothing and becomes 0. (n,) → (n,)"""
    span = x.max() - x.min()
    return (x - x.min()) / span if span else np.zeros_like(x)


def recall(
    hours: Array, importance: Array, memory: Array, query: Array, weights: tuple[float, float, float], decay: float
) -> Array:
    """Scores (n,): `hours` since the last access (n,), `importance` 1…10 (n,), embeddings (n, d), query (d,)."""
    recency = decay**hours  # (n,)
    relevance = memory @ query / np.linalg.norm(memory, axis=1) / np.linalg.norm(query)  # (n,)
    parts = np.stack([unit(recency), unit(importance), unit(relevance)])  # (3, n)
    return np.asarray(np.array(weights) @ parts)  # (n,)


# --8<-- [end:score]


# --8<-- [start:rank]
def by_rank(hours: Array, decay: float) -> Array:
    """Recency as the public code computes it: decayᵏ for the k-th memory in ascending order of the last access. (n,)"""
    out = np.empty(len(hours))
    oldest_first = np.argsort(-hours)  # ascending time of access
    out[oldest_first] = decay ** np.arange(1, len(hours) + 1)
    return out


# --8<-- [end:rank]

NAMES = ["生日那天的谈话", "上周的预算会", "今早的早餐", "刚才的闲聊"]
HOURS = np.array([720.0, 168.0, 6.0, 1.0])
IMPORTANCE = np.array([9.0, 6.0, 1.0, 2.0])
MEMORY = np.array([[0.2, 0.9, 0.1], [0.9, 0.2, 0.1], [0.1, 0.1, 0.9], [0.3, 0.3, 0.6]])
QUERY = np.array([0.9, 0.3, 0.2])  # asks about the budget
