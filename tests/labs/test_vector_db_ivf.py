"""K-means against scikit-learn, IVF against Faiss, and the numbers of docs/vector-db/kmeans-ivf.md."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from labs.vector_db.evaluate import measure, recall, shared, truth
from labs.vector_db.ivf import IVF, kmeans, squared_distances

X, QUERIES = shared()


def test_kmeans_equals_scikit_learn_from_the_same_start() -> None:
    cluster = pytest.importorskip("sklearn.cluster", reason="needs scikit-learn==1.9.1")
    start = X[np.random.default_rng(5).choice(len(X), 12, replace=False)]
    theirs = cluster.KMeans(12, init=start, n_init=1, max_iter=7, tol=0, algorithm="lloyd").fit(X)
    np.testing.assert_allclose(kmeans(X, 12, seed=5, rounds=7), theirs.cluster_centers_, atol=1e-10)


def test_error_never_grows() -> None:
    errors = [squared_distances(X, kmeans(X, 16, rounds=r)).min(axis=1).sum() for r in range(8)]
    assert all(b <= a + 1e-9 for a, b in pairwise(errors))
    assert errors[-1] < 0.95 * errors[0]


@pytest.mark.parametrize("nprobe", [1, 4, 32])
def test_same_answers_as_faiss_with_the_same_centres(nprobe: int) -> None:
    faiss = pytest.importorskip("faiss", reason="needs faiss-cpu==1.15.1")
    ours = IVF(X, 32)
    quantizer = faiss.IndexFlatL2(64)
    quantizer.add(ours.centres.astype(np.float32))
    theirs = faiss.IndexIVFFlat(quantizer, 64, 32)
    theirs.is_trained = True
    theirs.add(X.astype(np.float32))
    theirs.nprobe = nprobe
    _, ids = theirs.search(QUERIES.astype(np.float32), 10)
    assert [recall(ours.search(q, nprobe)[0], row) for q, row in zip(QUERIES, ids, strict=True)] == [1.0] * len(ids)


def test_all_cells_is_brute_force() -> None:
    index = IVF(X, 32)
    assert all((index.search(q, 32)[0] == t).all() for q, t in zip(QUERIES, truth(), strict=True))


def test_numbers_of_the_table() -> None:
    """Page: recall, cost and what the formula says; the shortest and the longest list."""
    index, probes = IVF(X, 32), (1, 2, 4, 8, 16, 32)
    rows = [measure(lambda q, p=p: index.search(q, p)) for p in probes]  # type: ignore[misc]
    assert [round(r, 3) for r, _ in rows] == [0.784, 0.919, 0.976, 0.995, 0.999, 1.0]
    assert [round(c) for _, c in rows] == [123, 205, 323, 553, 1021, 2032]
    assert [32 + p / 32 * 2000 for p in probes] == [94.5, 157, 282, 532, 1032, 2032]
    lengths = sorted(len(ids) for ids in index.lists)
    assert (lengths[0], lengths[-1]) == (15, 187)
    assert sum(lengths) == len(X)


def test_best_number_of_lists() -> None:
    """Page: nlist = √(nprobe·N) makes nlist + nprobe·N/nlist smallest."""
    n, probe = 10**6, 9
    lists = np.arange(1, 20_000)
    assert lists[(lists + probe * n / lists).argmin()] == round((probe * n) ** 0.5)
