"""HNSW against Faiss and brute force, and the numbers of docs/vector-db/hnsw.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.vector_db import memory
from labs.vector_db.evaluate import Array, Ints, measure, recall, shared, truth
from labs.vector_db.hnsw import HNSW, shared_index

X, QUERIES = shared()


def test_small_index_is_exact_when_ef_is_all() -> None:
    x = X[:150]
    index = HNSW(x, m=6, seed=3)
    for q in QUERIES[:20]:
        assert index.search(q, 10, ef=150)[0].tolist() == np.argsort(-(x @ q))[:10].tolist()


def test_links_are_limited_and_between_nodes_of_the_layer() -> None:
    index = shared_index()
    for layer, graph in enumerate(index.links):
        assert set(graph) == set(np.flatnonzero(index.levels >= layer).tolist())
        for i, links in graph.items():
            assert len(links) == len(set(links)) <= (16 if layer == 0 else 8)
            assert i not in links
            assert all(j in graph for j in links)


def test_selection_against_the_rule() -> None:
    """A candidate stays if it is closer to the node than to every one kept before."""
    index = HNSW(X[:60], m=5)
    near = sorted((float(2 - 2 * X[0] @ X[j]), j) for j in range(1, 40))
    kept: list[int] = []
    for d, j in near:
        if len(kept) < 4 and all(2 - 2 * X[j] @ X[b] >= d for b in kept):
            kept.append(j)
    assert [j for _, j in index.choose(near, 4)] == kept
    assert kept != [j for _, j in near[:4]]  # not simply the nearest


def test_as_good_and_as_cheap_as_faiss() -> None:
    faiss = pytest.importorskip("faiss", reason="needs faiss-cpu==1.15.1")
    theirs = faiss.IndexHNSWFlat(64, 8)
    theirs.hnsw.efConstruction = 24
    theirs.add(X.astype(np.float32))
    for ef in (10, 40):
        theirs.hnsw.efSearch = ef
        faiss.cvar.hnsw_stats.reset()
        _, ids = theirs.search(QUERIES.astype(np.float32), 10)
        found = np.mean([recall(a, b) for a, b in zip(ids, truth(), strict=True)])
        ours, cost = measure(lambda q, ef=ef: shared_index().search(q, 10, ef))  # type: ignore[misc]
        assert ours == pytest.approx(found, abs=0.03)
        assert cost == pytest.approx(faiss.cvar.hnsw_stats.ndis / len(QUERIES), rel=0.3)


def flat(q: Array, ef: int) -> tuple[Ints, float]:
    """The same search without the upper layers."""
    index = shared_index()
    before = index.computed
    near = index.search_layer(q, [(index.distance(q, [index.entry])[0], index.entry)], ef, 0)
    return np.array([j for _, j in near[:10]]), index.computed - before


def test_numbers_of_the_table() -> None:
    """Page: recall and distances by ef, with and without the upper layers."""
    rows = [measure(lambda q, ef=ef: shared_index().search(q, 10, ef)) for ef in (10, 20, 40, 80)]  # type: ignore[misc]
    assert [round(r, 3) for r, _ in rows] == [0.939, 0.984, 0.998, 1.0]
    assert [round(c) for _, c in rows] == [94, 132, 195, 295]
    rows = [measure(lambda q, ef=ef: flat(q, ef)) for ef in (10, 20, 40, 80)]  # type: ignore[misc]
    assert [round(r, 3) for r, _ in rows] == [0.927, 0.985, 0.998, 1.0]
    assert [round(c) for _, c in rows] == [106, 142, 201, 296]


def test_all_of_the_index_is_exact() -> None:
    """Page: ef = 2000 gives the true neighbours."""
    assert [recall(shared_index().search(q, 10, 2000)[0], t) for q, t in zip(QUERIES[:5], truth(), strict=False)] == [
        1.0
    ] * 5


def test_layers_and_construction() -> None:
    """Page: nodes a layer, distances an insertion, links a node, bytes."""
    index = HNSW(X[:1])
    assert [len(g) for g in shared_index().links] == [2000, 245, 30, 2]
    assert [round(2000 / 8**j) for j in range(4)] == [2000, 250, 31, 4]
    assert index.search(X[0], 1)[0].tolist() == [0]
    assert round(float(np.mean([len(v) for v in shared_index().links[0].values()])), 1) == 8.5
    assert (memory.flat(768), memory.links(32), memory.flat(64)) == (3072, 256, 256)


def test_cost_of_building() -> None:
    """Page: 469 distances an insertion, those of choosing links included."""
    counted = HNSW(X)
    assert round(counted.computed / len(X)) == 469
