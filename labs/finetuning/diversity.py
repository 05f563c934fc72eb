r"""Near-duplicate instructions: TF-IDF of character bigrams, cosine, and one pass that keeps what is new.

The idea of embedding and clustering prompts, with an embedding small enough to check by hand; a real pipeline uses
a sentence-embedding model and approximate search.
"""

from __future__ import annotations

from collections import Counter
from math import log

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:dedup]
def tf_idf(texts: list[str]) -> Array:
    """Rows of norm 1 (n, features): counts of character bigrams times log(n / document frequency) + 1."""
    counts = [Counter(t[i : i + 2] for i in range(len(t) - 1)) for t in texts]
    features = sorted({f for c in counts for f in c})
    frequency = {f: sum(f in c for c in counts) for f in features}
    rows = np.array([[c[f] * (log(len(texts) / frequency[f]) + 1) for f in features] for c in counts])  # (n, f)
    out: Array = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return out


def keep_new(vectors: Array, threshold: float) -> list[int]:
    """Indices kept, in order: those whose cosine to every one kept before is below `threshold`."""
    kept: list[int] = []
    for i, v in enumerate(vectors):
        if not kept or float((vectors[kept] @ v).max()) < threshold:
            kept.append(i)
    return kept


# --8<-- [end:dedup]

EXAMPLE = [
    "把这段话翻译成英文",
    "请把这段话翻译成英文",
    "把下面这段话翻译成英文",
    "写一首关于秋天的诗",
    "写一首关于春天的诗",
    "解释什么是二分查找",
    "用 Python 实现二分查找",
    "把这段话翻译成法文",
]
