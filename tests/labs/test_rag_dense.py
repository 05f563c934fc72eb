"""TF-IDF and LSA against scikit-learn, truncation, and the numbers of docs/rag/bi-encoder.md and qwen3-embedding.md."""

from __future__ import annotations

import re

import numpy as np
import pytest

from labs.rag.dense import fit_lsa, fit_tfidf
from labs.rag.encoder_cost import Work
from labs.rag.experiment import dense, encoder, gold_ranks, paired_interval, sparse, split
from labs.rag.matryoshka import cut_scores, rotation
from labs.rag.metrics import summarise


def test_tfidf_equals_sklearn() -> None:
    text = pytest.importorskip("sklearn.feature_extraction.text", reason="needs scikit-learn==1.9.1")
    passages, queries, _ = split()
    oracle = text.TfidfVectorizer(analyzer=lambda t: t, sublinear_tf=True)
    want = oracle.fit_transform(passages).toarray()
    model, x = fit_tfidf(passages)
    order = [oracle.vocabulary_[t] for t in model.columns]
    np.testing.assert_allclose(x, want[:, order], atol=1e-12)
    asked = oracle.transform(queries[:50]).toarray()[:, order]
    np.testing.assert_allclose(np.stack([model.vector(q) for q in queries[:50]]), asked, atol=1e-12)


def test_lsa_equals_sklearn() -> None:
    svd = pytest.importorskip("sklearn.decomposition", reason="needs scikit-learn==1.9.1")
    passages, _, _ = split()
    model, x = fit_tfidf(passages)
    want = svd.TruncatedSVD(16, algorithm="arpack", random_state=0).fit_transform(x)
    encoder16, got = fit_lsa(passages, 16)
    want /= np.linalg.norm(want, axis=1, keepdims=True)
    np.testing.assert_allclose(got @ got.T, want @ want.T, atol=1e-8)  # vectors are equal up to signs
    np.testing.assert_allclose(encoder16.encode(passages), got, atol=1e-12)
    assert model.columns == encoder16.tfidf.columns


def test_full_rank_is_tfidf() -> None:
    """docs/rag/bi-encoder.md: LSA only compresses."""
    passages, _, _ = split()
    _, x = fit_tfidf(passages)
    _, full = encoder(92)
    np.testing.assert_allclose(full @ full.T, x @ x.T, atol=1e-10)


def test_dims_of_the_page() -> None:
    """docs/rag/bi-encoder.md: quality by rank; Latin words favour BM25, pure Chinese the dense side."""
    ndcg = {r: round(summarise(gold_ranks(dense(r)))["nDCG@10"], 3) for r in (8, 16, 32, 48, 92)}
    assert ndcg == {8: 0.366, 16: 0.467, 32: 0.573, 48: 0.597, 92: 0.602}
    latin = np.array([any(re.fullmatch("[a-z][a-z0-9]+", t) for t in q) for q in split()[1]])
    rows = {}
    for name, scores in (("bm25", sparse()), ("lsa", dense())):
        ranks = gold_ranks(scores)
        rows[name] = tuple(round(summarise(ranks[m])["nDCG@10"], 3) for m in (latin, ~latin))
    assert (int(latin.sum()), int((~latin).sum())) == (162, 176)
    assert rows == {"bm25": (0.652, 0.533), "lsa": (0.632, 0.565)}
    low, high = paired_interval(gold_ranks(dense()), gold_ranks(sparse()))
    assert low < 0 < high


def test_truncation() -> None:
    """docs/rag/qwen3-embedding.md: the same vectors, rotated, lose more when cut."""
    model, x = encoder(92)
    q, turn = model.encode(split()[1]), rotation(92)
    np.testing.assert_allclose(cut_scores(q @ turn, x @ turn, 92), q @ x.T, atol=1e-12)
    np.testing.assert_allclose(turn @ turn.T, np.eye(92), atol=1e-12)
    np.testing.assert_allclose(cut_scores(q, x, 48), dense(48), atol=1e-12)  # an SVD is nested
    ndcg = [
        round(summarise(gold_ranks(cut_scores(a, b, d)))["nDCG@10"], 3)
        for d in (16, 32)
        for a, b in ((q, x), (q @ turn, x @ turn))
    ]
    assert ndcg == [0.467, 0.425, 0.573, 0.514]


def test_cost_of_the_page() -> None:
    """docs/rag/bi-encoder.md: a million passages of 200 tokens, a query of 20, an encoder of 110 M parameters."""
    work = Work(1_000_000, 200, 20, 1.1e8)
    assert work.bi_offline() == pytest.approx(4.4e16)
    assert Work(0, 200, 20, 1.1e8).bi_query(768) == pytest.approx(4.4e9)
    assert work.bi_query(768) == pytest.approx(5.936e9)
    assert work.cross_query(100) == pytest.approx(4.84e12)
    assert round(work.cross_query(100) / work.bi_query(768)) == 815
    assert work.cross_query(1_000_000) == pytest.approx(4.84e16)
