"""Filtered search against brute force and Faiss, and the numbers of docs/vector-db/pre-filtering.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.vector_db.evaluate import shared
from labs.vector_db.filtering import Allowed, in_graph, measure, post_filter, pre_filter, random_condition
from labs.vector_db.hnsw import shared_index
from labs.vector_db.projection import pca

X, QUERIES = shared()


def test_pre_filter_equals_faiss_with_a_selector() -> None:
    faiss = pytest.importorskip("faiss", reason="needs faiss-cpu==1.15.1")
    allowed = random_condition(len(X), 0.1)
    flat = faiss.IndexFlatL2(64)
    flat.add(X.astype(np.float32))
    chosen = faiss.SearchParameters(sel=faiss.IDSelectorBatch(np.flatnonzero(allowed)))
    _, ids = flat.search(QUERIES.astype(np.float32), 10, params=chosen)
    assert [pre_filter(X, allowed, q)[0].tolist() for q in QUERIES] == ids.tolist()


def test_nothing_that_fails_is_returned() -> None:
    allowed = random_condition(len(X), 0.2)
    for q in QUERIES[:10]:
        for ids in (
            pre_filter(X, allowed, q)[0],
            post_filter(shared_index(), allowed, q, 40)[0],
            in_graph(shared_index(), allowed, q, 20)[0],
            in_graph(shared_index(), allowed, q, 20, through=False)[0],
        ):
            assert allowed[ids].all()


def test_without_a_condition_the_walk_is_plain_search() -> None:
    every: Allowed = np.ones(len(X), dtype=bool)
    for q in QUERIES[:20]:
        want, cost = shared_index().search(q, 10, 20)
        for through in (True, False):
            ids, computed = in_graph(shared_index(), every, q, 20, through=through)
            assert ids.tolist() == want.tolist()
            assert computed == cost


def rounded(results: tuple[float, float, float]) -> tuple[float, int, float]:
    """Recall, cost and number of results as the page prints them."""
    return round(results[0], 3), round(results[1]), round(results[2], 2)


def test_numbers_of_post_filtering() -> None:
    """Page: recall and results left for 40 and 100 fetched."""
    index, table = shared_index(), []
    for share in (0.5, 0.2, 0.1, 0.05, 0.01):
        allowed = random_condition(len(X), share)
        assert int(allowed.sum()) == round(2000 * share)
        rows = [rounded(measure(lambda a, q, f=f: post_filter(index, a, q, f), allowed)) for f in (40, 100)]  # type: ignore[misc]
        assert [cost for _, cost, _ in rows] == [193, 345]
        table.append([(found, left) for found, _, left in rows])
    assert table == [
        [(0.984, 10), (0.996, 10)],
        [(0.78, 8.04), (0.984, 10)],
        [(0.444, 4.48), (0.892, 9.2)],
        [(0.24, 2.4), (0.564, 5.64)],
        [(0.04, 0.4), (0.088, 0.88)],
    ]


def test_numbers_inside_the_graph() -> None:
    """Page: stepping through the others, and cutting them out (also on docs/vector-db/hnsw.md)."""
    index = shared_index()
    through, cut = [], []
    for share in (1.0, 0.5, 0.2, 0.1, 0.05, 0.01):
        allowed = random_condition(len(X), share)
        through.append(rounded(measure(lambda a, q: in_graph(index, a, q, 20), allowed))[:2])
        cut.append(rounded(measure(lambda a, q: in_graph(index, a, q, 20, through=False), allowed))[0])
    assert through == [(0.988, 130), (0.984, 194), (0.984, 347), (0.988, 527), (1.0, 876), (1.0, 2022)]
    assert cut[1:4] == [0.9, 0.416, 0.18]
    assert [round(c * s / 20, 1) for (_, c), s in zip(through[2:5], (0.2, 0.1, 0.05), strict=True)] == [3.5, 2.6, 2.2]
    assert [round((2.5 * ef / n) ** 0.5, 2) for ef, n in ((20, 2000), (40, 10**6))] == [0.16, 0.01]


def test_a_condition_that_goes_with_the_vectors() -> None:
    """Page: the same 20%, all at one side of the first principal direction."""
    key = (X @ pca(X, 1)[1])[:, 0]
    allowed = np.zeros(len(X), dtype=bool)
    allowed[np.argsort(key)[:400]] = True
    assert rounded(measure(lambda a, q: post_filter(shared_index(), a, q, 100), allowed))[0] == 0.596
