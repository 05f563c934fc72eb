r"""TF-IDF and latent semantic analysis: a bi-encoder whose two towers are one linear map, fitted by an SVD.

Every passage becomes a unit vector of r numbers before any query is known; a query takes the same map. The SVD is
that of Deerwester et al. (1990); scikit-learn calls it TruncatedSVD.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
import numpy.typing as npt

from labs.rag.bm25 import counts

Array = npt.NDArray[np.float64]
Tokens = Sequence[str]


def unit(x: Array) -> Array:
    """Rows (…, d) scaled to length 1; a zero row stays zero."""
    norm = np.linalg.norm(x, axis=-1, keepdims=True)
    return x / np.where(norm > 0, norm, 1)


# --8<-- [start:tfidf]
@dataclass(frozen=True)
class TfIdf:
    """Column and inverse document frequency of each term."""

    columns: dict[str, int]
    idf: Array
    """(v,)"""

    def vector(self, text: Tokens) -> Array:
        """(v,) unit vector of (1 + ln f) · idf; terms outside the corpus are dropped."""
        out = np.zeros(len(self.idf))  # (v,)
        for term, count in Counter(text).items():
            if term in self.columns:
                i = self.columns[term]
                out[i] = (1 + log(count)) * self.idf[i]
        return unit(out)


def fit_tfidf(texts: Sequence[Tokens]) -> tuple[TfIdf, Array]:
    """The vectoriser, and the passages as rows (n, v)."""
    columns, f = counts(texts)  # f: (n, v)
    inverse = np.log((1 + len(texts)) / (1 + (f > 0).sum(0))) + 1  # (v,) scikit-learn's smoothed idf
    model = TfIdf(columns, inverse)
    return model, np.stack([model.vector(text) for text in texts])


# --8<-- [end:tfidf]


# --8<-- [start:lsa]
@dataclass(frozen=True)
class Encoder:
    """TF-IDF followed by a projection onto the r leading right singular vectors."""

    tfidf: TfIdf
    basis: Array
    """(v, r): row t is the vector of term t"""

    def encode(self, texts: Sequence[Tokens]) -> Array:
        """(n, r) unit vectors: the same map for queries and passages."""
        return unit(np.stack([self.tfidf.vector(text) for text in texts]) @ self.basis)


def fit_lsa(texts: Sequence[Tokens], rank: int) -> tuple[Encoder, Array]:
    """The encoder, and the encoded passages (n, r)."""
    tfidf, x = fit_tfidf(texts)  # x: (n, v)
    _, _, right = np.linalg.svd(x, full_matrices=False)  # right: (min(n, v), v), strongest direction first
    encoder = Encoder(tfidf, right[:rank].T)
    return encoder, unit(x @ encoder.basis)


# --8<-- [end:lsa]
