"""Code search against bm25s and scikit-learn, and the numbers of docs/vector-db/milvus.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.rag.dense import fit_lsa, fit_tfidf
from labs.vector_db.code_search import FAMILIES, by_family, compare, functions


def test_corpus() -> None:
    """Page: 36 functions of six kinds, each with an identifier of its own and six words."""
    texts, names, families = functions()
    assert (len(texts), len(set(names)), len(set(families))) == (36, 36, 6)
    assert all(text[0] == name and len(text) == 7 for text, name in zip(texts, names, strict=True))
    words = [w for v in FAMILIES.values() for w in v.split()]
    assert len(words) == 60


def test_vectors_equal_scikit_learn() -> None:
    decomposition = pytest.importorskip("sklearn.decomposition", reason="needs scikit-learn==1.9.1")
    texts, _, _ = functions()
    _, rows = fit_tfidf(texts)
    _, ours = fit_lsa(texts, 6)
    theirs = decomposition.TruncatedSVD(6, algorithm="arpack").fit_transform(rows)
    theirs /= np.linalg.norm(theirs, axis=1, keepdims=True)
    np.testing.assert_allclose(ours @ ours.T, theirs @ theirs.T, atol=1e-8)


def test_share_of_the_family() -> None:
    families = ["a", "a", "b", "b"]
    assert by_family(np.array([3.0, 1.0, 2.0, 0.0]), families, "a") == 0.5
    assert by_family(np.array([3.0, 0.0, 0.0, 0.0]), families, "a") == 0.5  # a score of zero is no result


def test_numbers_of_the_table() -> None:
    """Page: by identifier and by topic, for BM25 and for vectors of 6, 24 and 36 numbers."""
    results = {rank: compare(rank) for rank in (6, 24, 36)}
    assert tuple(round(100 * v) for v in results[6]["bm25"]) == (100, 60)
    assert [tuple(round(100 * v) for v in results[r]["dense"]) for r in (6, 24, 36)] == [(19, 97), (97, 81), (100, 60)]
