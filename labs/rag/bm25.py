r"""BM25: the score of a passage is a sum over query terms of rarity times a saturating, length-corrected count.

Source: Robertson & Zaragoza, *The Probabilistic Relevance Framework: BM25 and Beyond* (2009), section 3; the IDF with
1 + … inside the logarithm is Lucene's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Tokens = Sequence[str]


# --8<-- [start:weights]
def idf(n: int, holding: Array) -> Array:
    """ln(1 + (N − n_t + ½)/(n_t + ½)), never negative; `holding` (v,) counts the passages with each term."""
    out: Array = np.log(1 + (n - holding + 0.5) / (holding + 0.5))  # (v,)
    return out


def saturation(count: Array, length: Array, mean_length: float, k1: float = 1.5, b: float = 0.75) -> Array:
    """f (k₁ + 1) / (f + k₁ (1 − b + b |d| / avgdl)): from 0 at f = 0 towards k₁ + 1."""
    out: Array = count * (k1 + 1) / (count + k1 * (1 - b + b * length / mean_length))
    return out


# --8<-- [end:weights]


# --8<-- [start:index]
@dataclass(frozen=True)
class Index:
    """Weight of every term in every passage; a query only adds up columns."""

    columns: dict[str, int]
    weights: Array
    """(n, v)"""

    def scores(self, query: Tokens) -> Array:
        """(n,) BM25 of every passage; a query term that no passage holds adds nothing."""
        known = [self.columns[t] for t in query if t in self.columns]  # a repeated query term counts again
        out: Array = self.weights[:, known].sum(1)  # (n, |q|) → (n,)
        return out


def counts(texts: Sequence[Tokens]) -> tuple[dict[str, int], Array]:
    """Column of each term, and the counts (n, v)."""
    columns = {t: i for i, t in enumerate(dict.fromkeys(t for text in texts for t in text))}
    out = np.zeros((len(texts), len(columns)))  # (n, v)
    for row, text in zip(out, texts, strict=True):
        for term, count in Counter(text).items():
            row[columns[term]] = count
    return columns, out


def build(texts: Sequence[Tokens], k1: float = 1.5, b: float = 0.75) -> Index:
    """All that does not depend on the query is computed here, once."""
    columns, f = counts(texts)  # f: (n, v)
    length = f.sum(1, keepdims=True)  # (n, 1)
    weights = idf(len(texts), (f > 0).sum(0).astype(float)) * saturation(f, length, float(length.mean()), k1, b)
    return Index(columns, weights)  # (n, v)


# --8<-- [end:index]


# --8<-- [start:filter]
def keyword_filter(index: Index, scores: Array, keywords: Sequence[Tokens]) -> Array:
    """Drop (−∞) the passages that hold no keyword; a keyword is its tokens, all of which must occur."""
    keep = np.zeros(len(scores), dtype=bool)  # (n,)
    for keyword in keywords:
        if all(t in index.columns for t in keyword):
            keep |= (index.weights[:, [index.columns[t] for t in keyword]] > 0).all(1)
    return np.where(keep, scores, -np.inf)  # (n,)


# --8<-- [end:filter]
