"""Verdicts of the diagnosis by cases, and the numbers of docs/rag/rag-failure-diagnosis.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.rag.corpus import load
from labs.rag.diagnosis import diagnose, shares
from labs.rag.experiment import dense, gold_ranks, reranked, second_stage, sparse
from labs.rag.fusion import rrf


@pytest.mark.parametrize(
    ("indexed", "recalled", "final", "verdict"),
    [
        (False, None, None, "corpus"),
        (True, None, None, "recall"),
        (True, 101, None, "recall"),
        (True, 100, 11, "ranking"),
        (True, 3, None, "ranking"),
        (True, 57, 10, "delivered"),
    ],
)
def test_cases(indexed: bool, recalled: int | None, final: int | None, verdict: str) -> None:
    assert diagnose(indexed, recalled, final, shown=10, pool=100) == verdict


def test_shares_of_the_page() -> None:
    first = gold_ranks(rrf([sparse(), dense()]))
    got = []
    for final in (first, gold_ranks(reranked(30))):
        found = shares([diagnose(True, int(a), int(b), 5, 30) for a, b in zip(first, final, strict=True)])
        got.append({k: round(v, 3) for k, v in found.items()})
    assert got[0] == {"delivered": 0.672, "ranking": 0.249, "recall": 0.080}
    assert got[1] == {"delivered": 0.695, "ranking": 0.225, "recall": 0.080}
    assert int((first > 30).sum()) == 27


def test_a_perfect_stage_is_the_ceiling() -> None:
    """Page: what a perfect second stage would reach, and what unlimited candidates add to ours."""
    first = gold_ranks(rrf([sparse(), dense()]))
    assert round(float((first <= 30).mean()), 3) == 0.920
    assert round(float((gold_ranks(second_stage()) <= 5).mean()), 3) == 0.695
    corpus = load()
    vague = ["为什么多算反而更快？", "假设不成立了，训练中还需要这个因子吗？", "均值池化之后为什么一定要续训？"]
    places = [int(first[corpus.queries.index(q)]) for q in vague]
    assert min(places) > 30
    assert np.isfinite(places).all()
