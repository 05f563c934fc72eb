"""Scores of memories: against scikit-learn's scaler and cosine; the table of agent-memory-types.md."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from labs.agents.memory_retrieval import HOURS, IMPORTANCE, MEMORY, QUERY, by_rank, recall

pre = pytest.importorskip("sklearn.preprocessing", reason="needs scikit-learn==1.9.1")
pair = pytest.importorskip("sklearn.metrics.pairwise", reason="needs scikit-learn==1.9.1")


def test_scores_are_those_of_scikit_learn() -> None:
    rng = np.random.default_rng(2)
    for _ in range(20):
        hours, importance = rng.uniform(0, 500, 8), rng.integers(1, 11, 8).astype(float)
        memory, query, w = rng.standard_normal((8, 5)), rng.standard_normal(5), rng.uniform(0, 3, 3)
        cosine = pair.cosine_similarity(memory, query[None])[:, 0]
        parts = pre.minmax_scale(np.stack([0.995**hours, importance, cosine], axis=1))
        ours = recall(hours, importance, memory, query, (w[0], w[1], w[2]), 0.995)
        np.testing.assert_allclose(ours, parts @ w, atol=1e-12)


def test_table_of_the_page() -> None:
    total = recall(HOURS, IMPORTANCE, MEMORY, QUERY, (1, 1, 1), 0.995)
    only = recall(HOURS, IMPORTANCE, MEMORY, QUERY, (0, 0, 1), 0.995)
    np.testing.assert_allclose(total, [1.28, 2.04, 0.97, 1.64], atol=0.0051)
    np.testing.assert_allclose(only, [0.28, 1.00, 0.00, 0.51], atol=0.005)
    assert round(log(0.5) / log(0.995)) == 138


def test_the_public_codes_rank_favours_the_oldest() -> None:
    score = by_rank(HOURS, 0.995)
    assert HOURS[score.argmax()] == HOURS.max() == 720
    assert [round(score[0], 3), round(score[3], 3)] == [0.995, 0.980]
    assert (np.argsort(score) == np.argsort(HOURS)).all()


def test_an_old_candidate_pushes_the_others_recency_up() -> None:
    recency = recall(HOURS, IMPORTANCE, MEMORY, QUERY, (1, 0, 0), 0.995)
    without = recall(HOURS[1:], IMPORTANCE[1:], MEMORY[1:], QUERY, (1, 0, 0), 0.995)
    assert (recency[1:] >= without).all() and recency[1] > without[0] == 0
