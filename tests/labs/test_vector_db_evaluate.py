"""The shared vectors and the yardstick against Faiss, and the numbers of docs/vector-db/vector-database.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.vector_db import memory, pq
from labs.vector_db.evaluate import K, measure, nearest, recall, shared, truth
from labs.vector_db.hnsw import shared_index
from labs.vector_db.ivf import IVF
from labs.vector_db.lsh import LSH
from labs.vector_db.projection import gaussian, search_low


def test_brute_force_equals_faiss_flat() -> None:
    faiss = pytest.importorskip("faiss", reason="needs faiss-cpu==1.15.1")
    x, queries = shared()
    flat = faiss.IndexFlatL2(x.shape[1])
    flat.add(x.astype(np.float32))
    _, ids = flat.search(queries.astype(np.float32), K)
    assert [recall(a, b) for a, b in zip(ids, truth(), strict=True)] == [1.0] * len(queries)


def test_recall_counts_members_and_not_order() -> None:
    assert recall(np.array([3, 2, 9, 8]), np.array([1, 2, 3, 4])) == 0.5
    assert recall(np.array([], dtype=np.int64), np.array([1])) == 0


def test_the_vectors_are_as_described() -> None:
    """Page: unit length, and 82% of the variance in 16 directions."""
    x, queries = shared()
    assert x.shape == (2000, 64)
    assert queries.shape == (100, 64)
    np.testing.assert_allclose(np.linalg.norm(x, axis=1), 1, atol=1e-12)
    variance = np.linalg.svd(x - x.mean(axis=0), compute_uv=False) ** 2
    assert round(float(variance[:16].sum() / variance.sum()), 2) == 0.82


def test_table_of_indexes() -> None:
    """Page: recall@10 and distances of one setting an index."""
    x, _ = shared()
    books = pq.train(x, 8)
    codes, g = pq.encode(x, books), gaussian(64, 32, np.random.default_rng(0))
    low, inverted = x @ g, IVF(x, 32)
    rows = [
        measure(lambda q: (nearest(x, q), len(x))),
        measure(lambda q: shared_index().search(q, 10, 20)),
        measure(lambda q: inverted.search(q, 4)),
        measure(lambda q: pq.search(codes, books, x, q, 160)),
        measure(LSH(x, 8, 32).search),
        measure(lambda q: search_low(low, q @ g, x, q, 100)),
    ]
    assert [round(r, 3) for r, _ in rows] == [1.0, 0.984, 0.976, 0.991, 0.961, 0.953]
    assert [round(c) for _, c in rows] == [2000, 132, 323, 426, 682, 1132]
    assert [round(100 * c / 2000) for _, c in rows] == [100, 7, 16, 21, 34, 57]


def test_memory_of_a_million() -> None:
    """Page: GB for a million vectors of 768 dimensions, and 100 000 of them."""
    million = 10**6 / 1e9
    sizes = [memory.flat(768), memory.flat(768, 8), memory.product_code(96), memory.links(32)]
    assert [round(s * million, 2) for s in sizes] == [3.07, 0.77, 0.10, 0.26]
    assert round(memory.flat(768) * 1e5 / 1e9, 2) == 0.31
    assert round(2 * 768 * 1e5 / 1e8, 1) == 1.5
