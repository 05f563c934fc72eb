"""Context packing against every subset, and the numbers of docs/rag/context-compression.md."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pytest

from labs.rag.bm25 import build
from labs.rag.chunking import Span, coverage, packed, sentences
from labs.rag.context_budget import best, by_density, by_rank, keep_sentences, to_the_ends
from labs.rag.corpus import tokens
from labs.rag.documents import load
from labs.rag.metrics import ranking


def test_knapsack_equals_every_subset() -> None:
    rng = np.random.default_rng(0)
    for _ in range(10):
        values, lengths, budget = rng.random(9), rng.integers(1, 12, 9).tolist(), 25
        subsets = chain.from_iterable(combinations(range(9), r) for r in range(10))
        want = max(sum(values[i] for i in s) for s in subsets if sum(lengths[i] for i in s) <= budget)
        assert best(values, lengths, budget) == pytest.approx(want)
        for pick in (by_density(values, lengths, budget), by_rank(lengths, budget)):
            assert sum(lengths[i] for i in pick) <= budget
            assert sum(values[i] for i in pick) <= want + 1e-12


def test_packing_numbers_of_the_page() -> None:
    """Three passages of 600, 300 and 300 tokens worth 0.9, 0.6 and 0.6, 600 tokens of room."""
    values, lengths = np.array([0.9, 0.6, 0.6]), [600, 300, 300]
    assert by_rank(lengths, 600) == [0]
    assert by_density(values, lengths, 600) == [1, 2]
    assert best(values, lengths, 600) == pytest.approx(1.2)


def test_ends() -> None:
    assert to_the_ends([1, 2, 3, 4, 5]) == [1, 3, 5, 4, 2]
    for n in range(8):
        order = to_the_ends(list(range(n)))
        assert sorted(order) == list(range(n))
        depth = [min(i, n - 1 - i) for i in range(n)]  # distance from the nearer end
        assert all(depth[order.index(a)] <= depth[order.index(a + 1)] for a in range(n - 1))


def test_compression_numbers_of_the_page() -> None:
    """Room for 400 characters: the first chunks that fit, or the best sentences of the first 800."""
    texts, questions = load()
    whole = "".join(texts)
    start = np.cumsum([0, *map(len, texts)])
    spans = [(int(start[i]) + b, int(start[i]) + e) for i, t in enumerate(texts) for b, e in packed(t, 200, 50)]
    index = build([tokens(whole[b:e]) for b, e in spans])

    def first(question: str, budget: int) -> list[Span]:
        order = [spans[i] for i in ranking(index.scores(tokens(question)))[:40]]
        return [order[i] for i in by_rank([e - b for b, e in order], budget)]

    rows: dict[str, list[float]] = {"800": [], "400": [], "800 → 400": []}
    for q in questions:
        gold = (int(start[q.document]) + q.begin, int(start[q.document]) + q.end)
        merged = sorted({(b + s, b + e) for b, end in first(q.text, 800) for s, e in sentences(whole[b:end])})
        rows["800"].append(coverage(gold, merged))
        rows["400"].append(coverage(gold, first(q.text, 400)))
        rows["800 → 400"].append(coverage(gold, keep_sentences(whole, merged, q.text, index, 400)))
    table = {
        way: [round(100 * float(np.mean(x))) for x in (np.array(c) > 0, np.array(c), np.array(c) == 1)]
        for way, c in rows.items()
    }
    assert table == {"800": [54, 49, 45], "400": [38, 36, 32], "800 → 400": [52, 43, 25]}
