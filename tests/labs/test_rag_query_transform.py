"""Query transformations against definitions, and the numbers of docs/rag/multi-query-expansion.md."""

from __future__ import annotations

from itertools import zip_longest

import numpy as np

from labs.rag.corpus import load, tokens
from labs.rag.experiment import encoder
from labs.rag.metrics import summarise
from labs.rag.query_transform import both_found, follow_up_ranks, hyde, interleave, rewriting, sparse
from labs.rag.rewrites import FIRST, REWRITES, STEP


def test_hyde_is_the_formula() -> None:
    model, _ = encoder()
    one, two, query = "注意力的缩放", "点积的方差随维度增长", "为什么除以根号"
    want = sum(model.encode([tokens(t)])[0] for t in (one, two, query)) / 3
    np.testing.assert_allclose(hyde(model, query, [one, two]), want, atol=1e-12)
    np.testing.assert_allclose(hyde(model, query, []), model.encode([tokens(query)])[0], atol=1e-12)


def test_interleave_takes_turns() -> None:
    a, b = [3, 1, 2, 0], [1, 0, 3, 2]
    order = [x for pair in zip_longest(a, b) for x in pair]
    want = sorted(set(order), key=order.index)
    for k in range(1, 5):
        assert interleave([a, b], k) == want[:k]


def test_one_long_query_is_the_sum_of_scores() -> None:
    """Page: BM25 is a sum over query terms, so three texts as one query add up."""
    query, (one, two, _) = load().queries[FIRST], REWRITES[0]
    np.testing.assert_allclose(sparse(f"{query} {one} {two}"), sparse(query) + sparse(one) + sparse(two), atol=1e-10)


def test_rewriting_numbers_of_the_page() -> None:
    assert len(range(FIRST, len(load().queries), STEP)) == len(REWRITES) == 31
    table = {way: [round(100 * m[k]) for k in ("R@1", "R@5", "R@10")] for way, m in rewriting().items()}
    assert table == {
        "BM25": [55, 74, 84],
        "BM25, one rewrite": [58, 84, 90],
        "BM25, RRF of three": [68, 94, 94],
        "BM25, three as one query": [77, 94, 94],
        "BM25, query and guess": [74, 87, 94],
        "LSA": [48, 71, 81],
        "LSA, guess alone": [61, 94, 94],
        "LSA, HyDE": [74, 90, 94],
    }


def test_decomposition_numbers_of_the_page() -> None:
    assert [both_found(k) for k in (2, 3, 5)] == [(7, 4), (9, 9), (11, 12)]


def test_follow_up_numbers_of_the_page() -> None:
    recall = {way: round(12 * summarise(np.array(r))["R@5"]) for way, r in follow_up_ranks().items()}
    assert recall == {"as asked": 5, "history + question": 11, "rewritten": 12}
    first = {way: sum(p == 1 for p in r) for way, r in follow_up_ranks().items()}
    assert first == {"as asked": 2, "history + question": 8, "rewritten": 5}
