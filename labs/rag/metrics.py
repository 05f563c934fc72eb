r"""Retrieval metrics: Recall@k, MRR, nDCG@k and average precision, from relevance grades in ranked order."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def ranking(scores: Array) -> Ints:
    """Indices from the best score down; of equal scores the first comes first, so a result never depends on luck."""
    return np.argsort(-scores, axis=-1, kind="stable")


def rank_of(scores: Array, gold: int) -> int:
    """1-based place of passage `gold` under `scores` (n,)."""
    return int(np.flatnonzero(ranking(scores) == gold)[0]) + 1


# --8<-- [start:metrics]
def recall(grades: Array, k: int) -> float:
    """Share of the relevant passages that are among the first k; `grades` (n,) is in ranked order, 0 = irrelevant."""
    return float((grades[:k] > 0).sum() / (grades > 0).sum())


def reciprocal_rank(grades: Array) -> float:
    """1 / place of the first relevant passage, 0 if there is none."""
    hits = np.flatnonzero(grades > 0)
    return 1 / (int(hits[0]) + 1) if hits.size else 0.0


def dcg(grades: Array, k: int) -> float:
    """Σ (2^grade − 1) / log₂(place + 1) over the first k places."""
    top = grades[:k]  # (k,)
    return float(((2**top - 1) / np.log2(np.arange(len(top)) + 2)).sum())


def ndcg(grades: Array, k: int) -> float:
    """DCG over that of the best order of the same grades."""
    best = dcg(np.sort(grades)[::-1], k)
    return dcg(grades, k) / best if best else 0.0


def average_precision(grades: Array) -> float:
    """Mean over the relevant passages of the precision at their place: what RAGAS calls context precision."""
    hits = grades > 0  # (n,)
    precision = np.cumsum(hits) / (np.arange(len(hits)) + 1)  # (n,)
    return float((precision * hits).sum() / hits.sum()) if hits.any() else 0.0


# --8<-- [end:metrics]


def summarise(ranks: Ints) -> dict[str, float]:
    """Means over queries with one relevant passage each, whose places are `ranks` (m,)."""
    return {
        "R@1": float((ranks <= 1).mean()),
        "R@5": float((ranks <= 5).mean()),
        "R@10": float((ranks <= 10).mean()),
        "MRR": float((1 / ranks).mean()),
        "nDCG@10": float(np.where(ranks <= 10, 1 / np.log2(ranks + 1), 0).mean()),
    }
