"""Shorter vectors against scikit-learn and Faiss, and the numbers of docs/vector-db/vector-dim-reduction.md."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

import numpy as np
import pytest

from labs.vector_db import memory
from labs.vector_db.evaluate import Array, measure, nearest, shared
from labs.vector_db.fewer_bits import from_int8, hamming, to_bits, to_int8
from labs.vector_db.projection import (
    coins,
    distortion,
    gaussian,
    jl_dim,
    pca,
    search_low,
    sparse_coins,
    truncate,
)

X, QUERIES = shared()
MAKERS: list[Callable[[int, int, np.random.Generator], Array]] = [gaussian, coins, sparse_coins]


def test_pca_equals_scikit_learn() -> None:
    decomposition = pytest.importorskip("sklearn.decomposition", reason="needs scikit-learn==1.9.1")
    mean, axes = pca(X, 8)
    theirs = decomposition.PCA(8, svd_solver="full").fit(X)
    ours, want = (X - mean) @ axes, theirs.transform(X)
    signs = np.sign((ours * want).sum(axis=0))  # a direction and its opposite are the same component
    np.testing.assert_allclose(ours * signs, want, atol=1e-10)


def test_jl_bound_equals_scikit_learn() -> None:
    random = pytest.importorskip("sklearn.random_projection", reason="needs scikit-learn==1.9.1")
    for n, eps in [(200, 0.5), (2000, 0.1), (10**6, 0.1)]:
        assert int(jl_dim(n, eps)) == random.johnson_lindenstrauss_min_dim(n, eps=eps)


@pytest.mark.parametrize("make", MAKERS)
def test_projection_keeps_lengths_in_expectation(make: Callable[[int, int, np.random.Generator], Array]) -> None:
    rng = np.random.default_rng(1)
    x = rng.standard_normal(20)
    squares = [((x @ make(20, 4, rng)) ** 2).sum() for _ in range(8000)]
    assert np.mean(squares) == pytest.approx(x @ x, rel=0.04)


def test_distortion_against_a_loop() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.standard_normal((9, 5)), rng.standard_normal((9, 3))
    ratios = [((y[i] - y[j]) ** 2).sum() / ((x[i] - x[j]) ** 2).sum() for i in range(9) for j in range(i)]
    assert distortion(x, y) == pytest.approx((min(ratios), max(ratios)), rel=1e-10)


def test_jl_measured() -> None:
    """Page: 200 points, ε = 0.5: 255 dimensions whatever the original; and the bound for ε = 0.1."""
    k = ceil(jl_dim(200, 0.5))
    assert k == 255
    seen = {}
    for d in (1000, 10_000):
        x = np.random.default_rng(1).standard_normal((200, d))
        seen[d] = [distortion(x, x @ make(d, k, np.random.default_rng(0))) for make in MAKERS]
        assert all(low > 0.5 and high < 1.5 for low, high in seen[d])
    assert [(round(a, 2), round(b, 2)) for a, b in seen[10_000]] == [(0.64, 1.38), (0.69, 1.37), (0.71, 1.47)]
    assert [round(jl_dim(n, 0.1)) for n in (2000, 10**6)] == [6515, 11842]


def scan(low: Array, encode: Callable[[Array], Array], keep: int = 10) -> float:
    """Recall of ranking `low`, with the best `keep` re-ranked."""
    return round(measure(lambda q: search_low(low, encode(q), X, q, keep))[0], 3)


def test_bytes_and_recall() -> None:
    """Page: the first table (PQ is checked in test_vector_db_pq)."""
    mean, axes = pca(X, 16)
    g = gaussian(64, 16, np.random.default_rng(0))
    bits = to_bits(X)
    found = [
        measure(lambda q, y=y: (nearest(y, q), 0))[0]  # type: ignore[misc]
        for y in (X, X.astype(np.float16).astype(np.float64), from_int8(*to_int8(X)))
    ]
    found.append(measure(lambda q: (np.argsort(hamming(bits, to_bits(q)), kind="stable")[:10], 0))[0])
    assert [round(f, 3) for f in found] == [1.0, 0.999, 0.989, 0.433]
    assert [memory.flat(64, b) for b in (32, 16, 8, 1)] == [256, 128, 64, 8]
    assert memory.flat(16) == 64
    assert scan((X - mean) @ axes, lambda q: (q - mean) @ axes) == 0.71
    assert scan(X @ g, lambda q: q @ g) == 0.342
    assert memory.flat(1536) == 6144


def test_reranking() -> None:
    """Page: the table of short codes and re-ranking."""
    mean, axes = pca(X, 16)
    g = gaussian(64, 16, np.random.default_rng(0))
    codes: list[tuple[Array, Callable[[Array], Array]]] = [
        ((X - mean) @ axes, lambda q: (q - mean) @ axes),
        (X @ g, lambda q: q @ g),
        (truncate(X, 16), lambda q: truncate(q[None], 16)[0]),
    ]
    assert [[scan(low, encode, keep) for keep in (10, 40, 100)] for low, encode in codes] == [
        [0.71, 0.993, 1.0],
        [0.342, 0.695, 0.885],
        [0.385, 0.765, 0.917],
    ]
    signs = np.unpackbits(to_bits(X), axis=1).astype(np.float64)  # Hamming distance is the squared distance of bits
    assert [scan(signs, lambda q: np.where(q > 0, 1.0, 0.0), keep) for keep in (10, 40, 100, 200)] == [
        0.433,
        0.807,
        0.96,
        0.991,
    ]


def test_as_many_random_dimensions_are_not_enough() -> None:
    """Page: 64 random dimensions lose neighbours, 64 principal ones lose none."""
    g = gaussian(64, 64, np.random.default_rng(0))
    mean, axes = pca(X, 64)
    assert scan(X @ g, lambda q: q @ g) == 0.625
    assert scan((X - mean) @ axes, lambda q: (q - mean) @ axes) == 1.0


def test_int8_is_off_by_at_most_half_a_step() -> None:
    codes, low, step = to_int8(X)
    assert (np.abs(from_int8(codes, low, step) - X) <= step / 2 + 1e-12).all()
    faiss = pytest.importorskip("faiss", reason="needs faiss-cpu==1.15.1")
    theirs = faiss.IndexScalarQuantizer(64, faiss.ScalarQuantizer.QT_8bit)
    theirs.train(X.astype(np.float32))
    decoded = theirs.sa_decode(theirs.sa_encode(X.astype(np.float32)))
    assert np.abs(decoded - X).max() < 1.1 * step.max()  # it rounds down and adds half a step: the same grid


def test_hamming_equals_a_loop() -> None:
    want = [int(((row > 0) != (QUERIES[0] > 0)).sum()) for row in X[:50]]
    assert hamming(to_bits(X[:50]), to_bits(QUERIES[0])).tolist() == want
