"""Metrics against scikit-learn and loops, and the numbers of docs/rag/rag-metrics-retrieval.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.pretraining.kappa import cohen
from labs.rag.answer_metrics import answer_relevance, faithfulness
from labs.rag.experiment import gold_ranks, sparse
from labs.rag.judge import simulate, swap, true_rate, win_rate
from labs.rag.metrics import average_precision, dcg, ndcg, rank_of, ranking, recall, reciprocal_rank, summarise


def test_ndcg_and_ap_equal_sklearn() -> None:
    metrics = pytest.importorskip("sklearn.metrics", reason="needs scikit-learn==1.9.1")
    rng = np.random.default_rng(0)
    for _ in range(30):
        grades, scores = rng.integers(0, 4, 25).astype(float), rng.random(25)
        ordered = grades[ranking(scores)]
        for k in (1, 5, 10, 25):
            want = metrics.ndcg_score([2**grades - 1], [scores], k=k)  # its gain is linear in the grade
            assert ndcg(ordered, k) == pytest.approx(want, abs=1e-12)
        want = metrics.average_precision_score(grades > 0, scores)
        assert average_precision(ordered) == pytest.approx(want, abs=1e-12)


def test_recall_and_mrr_equal_loops() -> None:
    rng = np.random.default_rng(1)
    for _ in range(30):
        grades = rng.integers(0, 2, 12).astype(float)
        grades[5] = 1
        first = next(i for i, g in enumerate(grades) if g > 0)
        assert reciprocal_rank(grades) == 1 / (first + 1)
        assert recall(grades, 4) == sum(g > 0 for g in grades[:4]) / sum(g > 0 for g in grades)
    assert reciprocal_rank(np.zeros(3)) == 0
    assert rank_of(np.array([1.0, 3.0, 3.0]), 2) == 2  # a tie goes to the earlier one


def test_one_relevant_passage() -> None:
    """Page: with one relevant passage AP is the reciprocal rank and nDCG is 1/log₂(rank + 1)."""
    ranks = gold_ranks(sparse())
    grades = np.zeros((len(ranks), 92))
    grades[np.arange(len(ranks)), ranks - 1] = 1
    got = summarise(ranks)
    assert got["MRR"] == pytest.approx(np.mean([average_precision(g) for g in grades]), abs=1e-12)
    assert got["nDCG@10"] == pytest.approx(np.mean([ndcg(g, 10) for g in grades]), abs=1e-12)
    assert got["R@5"] == pytest.approx(np.mean([recall(g, 5) for g in grades]), abs=1e-12)


def test_numbers_of_the_page() -> None:
    """Grades 0, 3, 1, 0, 2 in ranked order."""
    grades = np.array([0.0, 3, 1, 0, 2])
    assert recall(grades, 3) == pytest.approx(2 / 3)
    assert reciprocal_rank(grades) == 0.5
    assert round(dcg(grades, 5), 3) == 6.077
    assert round(dcg(np.array([3.0, 2, 1, 0, 0]), 5), 3) == 9.393
    assert round(ndcg(grades, 5), 3) == 0.647
    linear = (grades / np.log2(np.arange(5) + 2)).sum() / (np.array([3, 2, 1, 0, 0]) / np.log2(np.arange(5) + 2)).sum()
    assert round(float(linear), 3) == 0.665
    assert round(average_precision(grades), 3) == 0.589


def test_answer_metrics() -> None:
    assert faithfulness([True, True, False, True]) == 0.75
    rng = np.random.default_rng(2)
    q, back = rng.standard_normal(6), rng.standard_normal((3, 6))
    want = np.mean([b @ q / np.linalg.norm(b) / np.linalg.norm(q) for b in back])
    assert answer_relevance(q, back) == pytest.approx(want, abs=1e-12)


def test_judge_numbers_of_the_page() -> None:
    """An A that is slightly better, under a judge that favours what comes first by 0.5."""
    a, b = simulate(4000, 0.3, 0.5)
    assert (round((a > 0).mean(), 2), round((b > 0).mean(), 2)) == (0.76, 0.42)
    found = swap(a, b)
    assert (round(found.consistent, 2), round(found.prefers_first, 2), round(found.prefers_second, 2)) == (
        0.64,
        0.35,
        0.01,
    )
    assert round(win_rate(a, b), 2) == 0.59
    fair_a, fair_b = simulate(4000, 0.3, 0.0)
    assert round(win_rate(fair_a, fair_b), 2) == 0.60
    assert round(swap(fair_a, fair_b).consistent, 2) == 0.80
    assert found.consistent + found.prefers_first + found.prefers_second == pytest.approx(1)


def test_swap_by_hand() -> None:
    first, second = np.array([1, 1, -1, 0, 1]), np.array([1, -1, -1, 0, 0])
    assert swap(first, second).prefers_first == pytest.approx(0.4)
    assert win_rate(first, second) == pytest.approx((1 + 0.5 + 0 + 0.5 + 0.5) / 5)


def test_correction_recovers_the_rate() -> None:
    """Page: a judge with sensitivity 0.9 and specificity 0.7 calls 0.78 good when 0.8 are."""
    truth, sensitivity, specificity = 0.8, 0.9, 0.7
    observed = truth * sensitivity + (1 - truth) * (1 - specificity)
    assert observed == pytest.approx(0.78)
    assert true_rate(observed, sensitivity, specificity) == pytest.approx(truth)
    assert 0.4 * sensitivity + 0.6 * (1 - specificity) == pytest.approx(0.54)


def test_kappa_of_the_page() -> None:
    """90 % agreement where both say "faithful" to 90 % of the answers: κ = 0.44."""
    metrics = pytest.importorskip("sklearn.metrics", reason="needs scikit-learn==1.9.1")
    table = np.array([[85.0, 5.0], [5.0, 5.0]])
    one = np.repeat([0, 0, 1, 1], table.astype(int).ravel())
    two = np.repeat([0, 1, 0, 1], table.astype(int).ravel())
    assert cohen(table) == pytest.approx(metrics.cohen_kappa_score(one, two), abs=1e-12)
    assert round(cohen(table), 2) == 0.44


def test_chance_agreement_of_the_page() -> None:
    """Two raters who both say yes to 90 % agree on 82 % by chance."""
    share = np.array([0.9, 0.1])
    assert float(share @ share) == pytest.approx(0.82)
