r"""Who gets into the prompt: planted passages in a BM25 or LSA index, and passages the asker may not see."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from labs.rag.metrics import rank_of, ranking

Array = npt.NDArray[np.float64]
Score = Callable[[str], Array]


# --8<-- [start:plant]
def planted_rank(build: Callable[[Sequence[str]], Score], texts: Sequence[str], question: str, payload: str) -> int:
    """Place of a passage that repeats the question and then says what the attacker wants."""
    score = build([*texts, f"{question}{payload}"])
    return rank_of(score(question), len(texts))


# --8<-- [end:plant]


# --8<-- [start:permission]
def allowed_top(scores: Array, allowed: npt.NDArray[np.bool_], k: int, filter_first: bool) -> list[int]:
    """Best k passages that the asker may see: filter before the search, or throw away afterwards; scores (n,)."""
    if filter_first:
        scores = np.where(allowed, scores, -np.inf)  # (n,)
    return [int(i) for i in ranking(scores)[:k] if allowed[i]]


# --8<-- [end:permission]
