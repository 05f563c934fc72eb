"""Rank fusion, reranking, and the numbers of docs/rag/sparse-dense-hybrid.md and retrieve-then-rerank.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.rag import bm25
from labs.rag.experiment import (
    dense,
    features,
    gold_ranks,
    paired_interval,
    reranked,
    sparse,
    split,
    systems,
    table,
)
from labs.rag.fusion import cascade, min_max, places, rrf, weighted
from labs.rag.metrics import summarise
from labs.rag.rerank import fit


def test_rrf_equals_a_loop() -> None:
    rng = np.random.default_rng(0)
    lists = [rng.permutation(20).astype(float) for _ in range(3)]
    got = rrf(lists)
    for d in range(20):
        want = sum(1 / (60 + 1 + sum(s[e] > s[d] for e in range(20))) for s in lists)
        assert got[d] == pytest.approx(want, abs=1e-15)


def test_rrf_ignores_scale() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.random(30), rng.random(30)
    np.testing.assert_allclose(rrf([a, b]), rrf([np.exp(9 * a), 100 * b - 7]), atol=0)
    assert np.abs(weighted(a, b, 0.5) - weighted(np.exp(9 * a), b, 0.5)).max() > 0.1


def test_rescaling_and_cascade() -> None:
    scores = np.array([[3.0, 1.0, 2.0], [5.0, 5.0, 5.0]])
    np.testing.assert_allclose(min_max(scores), np.array([[1, 0, 0.5], [0, 0, 0]]))
    np.testing.assert_array_equal(places(scores), [[1, 3, 2], [1, 2, 3]])
    np.testing.assert_array_equal(cascade(scores[0], np.array([1.0, 9.0, 2.0]), 2), [1, -np.inf, 2])


def test_rrf_numbers() -> None:
    """docs/rag/sparse-dense-hybrid.md: (1, 40) against (5, 6)."""
    assert round(1 / 61 + 1 / 100, 5) == 0.02639
    assert round(1 / 65 + 1 / 66, 5) == 0.03054


def test_table_of_the_page() -> None:
    """docs/rag/sparse-dense-hybrid.md and retrieve-then-rerank.md: every system of the section."""
    got = {name: tuple(round(v, 3) for v in row.values()) for name, row in table().items()}
    assert list(table()["BM25"]) == ["R@1", "R@5", "R@10", "MRR", "nDCG@10"]
    assert got == {
        "BM25": (0.432, 0.660, 0.781, 0.539, 0.590),
        "TF-IDF": (0.447, 0.672, 0.787, 0.552, 0.601),
        "LSA": (0.420, 0.683, 0.805, 0.540, 0.597),
        "late": (0.180, 0.447, 0.601, 0.318, 0.373),
        "RRF": (0.408, 0.672, 0.790, 0.532, 0.586),
        "weighted": (0.429, 0.675, 0.793, 0.542, 0.595),
        "rerank": (0.456, 0.695, 0.808, 0.569, 0.621),
    }
    assert set(got) == set(systems())


def test_intervals_of_the_page() -> None:
    base = gold_ranks(sparse())
    low, high = paired_interval(gold_ranks(reranked()), base)
    assert (round(low, 3), round(high, 3)) == (0.012, 0.050)
    low, high = paired_interval(gold_ranks(rrf([sparse(), dense()])), base)
    assert (round(low, 3), round(high, 3)) == (-0.016, 0.010)


def test_union_and_cascade_of_the_page() -> None:
    b, d = gold_ranks(sparse()), gold_ranks(dense())
    assert round(float(((b <= 10) | (d <= 10)).mean()), 3) == 0.846
    assert (int(((b <= 10) & (d > 10)).sum()), int(((b > 10) & (d <= 10)).sum())) == (14, 22)
    recall = {k: round(summarise(gold_ranks(cascade(sparse(), dense(), k)))["R@10"], 3) for k in (10, 30, 92)}
    assert recall == {10: 0.781, 30: 0.799, 92: 0.805}


def test_pools_of_the_page() -> None:
    """docs/rag/retrieve-then-rerank.md."""
    first = gold_ranks(rrf([sparse(), dense()]))
    got = {
        k: (round(float((first <= k).mean()), 3), round(summarise(gold_ranks(reranked(k)))["nDCG@10"], 3))
        for k in (5, 10, 30, 92)
    }
    assert got == {5: (0.672, 0.573), 10: (0.790, 0.614), 30: (0.920, 0.621), 92: (1.0, 0.621)}
    after, pooled = gold_ranks(reranked()), first <= 30
    assert (int((~pooled).sum()), int(((after < first) & pooled).sum())) == (27, 86)
    assert int(((after > first) & pooled).sum()) == 52


def test_reranker_equals_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    x, y = features()[:60], split()[2][:60]
    w = torch.zeros(x.shape[-1], dtype=torch.float64, requires_grad=True)
    for _ in range(20):
        loss = torch.nn.functional.cross_entropy(torch.from_numpy(x) @ w, torch.from_numpy(y)) + 5e-4 * (w**2).sum()
        (grad,) = torch.autograd.grad(loss, w)
        w = (w - 5.0 * grad).detach().requires_grad_()
    np.testing.assert_allclose(fit(x, y, steps=20), w.detach().numpy(), atol=1e-10)


def test_sibling_questions() -> None:
    """docs/rag/sparse-dense-hybrid.md, Q-Q: other questions of a page are no paraphrases of the asked one."""
    passages, queries, gold = split()
    index = bm25.build(queries)
    scores = np.stack([index.scores(q) for q in queries])  # (q, q)
    np.fill_diagonal(scores, -1)
    by_page = np.full((len(queries), len(passages)), -1.0)
    for page in set(gold.tolist()):
        by_page[:, page] = scores[:, gold == page].max(1)
    found = summarise(gold_ranks(by_page))
    assert (round(found["R@10"], 3), round(found["nDCG@10"], 3)) == (0.388, 0.198)
