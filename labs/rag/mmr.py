r"""Maximal marginal relevance: pick one passage at a time, relevant and unlike those already picked.

Source: Carbonell & Goldstein, *The Use of MMR* (SIGIR 1998).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:mmr]
def mmr(relevance: Array, similarity: Array, count: int, lam: float) -> list[int]:
    """Indices in the order picked; `relevance` (n,) to the query, `similarity` (n, n) between passages."""
    picked: list[int] = []
    nearest = np.zeros(len(relevance))  # (n,) similarity to the closest picked passage; 0 while there is none
    for _ in range(min(count, len(relevance))):
        value = lam * relevance - (1 - lam) * nearest  # (n,)
        value[picked] = -np.inf
        best = int(value.argmax())
        # One update a round instead of a maximum over all picked: n · count similarities, not n · count²/2.
        nearest = similarity[best] if not picked else np.maximum(nearest, similarity[best])
        picked.append(best)
    return picked


# --8<-- [end:mmr]


def redundancy(picked: list[int], similarity: Array) -> float:
    """Mean similarity over the pairs of picked passages."""
    block = similarity[np.ix_(picked, picked)]  # (c, c)
    return float(block[np.triu_indices(len(picked), 1)].mean())
