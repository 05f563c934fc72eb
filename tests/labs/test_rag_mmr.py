"""MMR against its definition, time decay, and the numbers of docs/rag/mmr.md."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from labs.rag.experiment import dense, encoder, split
from labs.rag.mmr import mmr, redundancy
from labs.rag.time_decay import break_even, half_life, score


@pytest.mark.parametrize("lam", [0.0, 0.3, 0.7, 1.0])
def test_equals_the_definition(lam: float) -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((12, 5))
    similarity, relevance = x @ x.T, rng.random(12)
    picked: list[int] = []
    for _ in range(7):
        rest = [d for d in range(12) if d not in picked]
        value = {d: lam * relevance[d] - (1 - lam) * max((similarity[d, s] for s in picked), default=0.0) for d in rest}
        picked.append(max(rest, key=lambda d: value[d]))
    assert mmr(relevance, similarity, 7, lam) == picked


def test_numbers_of_the_page() -> None:
    """Three passages: relevance 0.9, 0.88, 0.7; the first two are near-copies (0.95)."""
    relevance = np.array([0.9, 0.88, 0.7])
    similarity = np.array([[1, 0.95, 0.2], [0.95, 1, 0.25], [0.2, 0.25, 1]])
    assert mmr(relevance, similarity, 2, 0.7) == [0, 2]
    assert mmr(relevance, similarity, 2, 1.0) == [0, 1]
    second = 0.7 * relevance[1:] - 0.3 * similarity[0, 1:]
    np.testing.assert_allclose(second, np.array([0.331, 0.43]), atol=1e-12)
    turn = 0.75 / (0.75 + 0.18)  # λ·0.88 − (1−λ)·0.95 = λ·0.7 − (1−λ)·0.2
    assert round(turn, 3) == 0.806
    assert mmr(relevance, similarity, 2, 0.81) == [0, 1]
    assert mmr(relevance, similarity, 2, 0.80) == [0, 2]


def test_corpus_of_the_page() -> None:
    _, x = encoder()
    similarity, gold = x @ x.T, split()[2]
    got = {}
    for lam in (1.0, 0.7, 0.5):
        picked = [mmr(row, similarity, 5, lam) for row in dense()]
        hit = np.mean([g in p for g, p in zip(gold, picked, strict=True)])
        got[lam] = (round(float(hit), 3), round(float(np.mean([redundancy(p, similarity) for p in picked])), 3))
    assert got == {1.0: (0.683, 0.176), 0.7: (0.663, 0.126), 0.5: (0.607, 0.068)}


def test_time_of_the_page() -> None:
    assert half_life(30.0) == pytest.approx(30 * log(2))
    assert round(half_life(30.0), 1) == 20.8
    s = score(np.array([0.80, 0.72]), np.array([60.0, 1.0]), 0.2, 30.0)
    assert [round(float(v), 3) for v in s] == [0.827, 0.913]
    assert round(break_even(0.08, 0.2, 30.0), 1) == 15.3
    assert break_even(0.2, 0.2, 30.0) == float("inf")
    age = break_even(0.08, 0.2, 30.0)
    older, newer = score(np.array([0.80, 0.72]), np.array([age, 0.0]), 0.2, 30.0)
    assert older == pytest.approx(newer, abs=1e-12)
    assert round(log(2) / -log(0.995)) == 138  # Generative Agents: hours until 0.995 per hour has halved
