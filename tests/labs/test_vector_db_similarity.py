"""Measures and pooling against SciPy and PyTorch, and the numbers of docs/vector-db/cosine-similarity.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.vector_db.evaluate import Array, normalise, shared
from labs.vector_db.pooling import first_token, max_pool, mean_pool, naive_mean, pad
from labs.vector_db.similarity import (
    augment,
    augment_query,
    cosine,
    cosine_density,
    dot,
    random_cosines,
    squared_distance,
)

RNG = np.random.default_rng(0)
X, Q = RNG.standard_normal((50, 8)) * RNG.uniform(0.2, 5, (50, 1)), RNG.standard_normal(8)


def test_measures_equal_scipy() -> None:
    spatial = pytest.importorskip("scipy.spatial.distance", reason="needs scipy==1.17.1")
    np.testing.assert_allclose(cosine(X, Q), 1 - spatial.cdist(X, Q[None], "cosine")[:, 0], atol=1e-12)
    np.testing.assert_allclose(squared_distance(X, Q), spatial.cdist(X, Q[None], "sqeuclidean")[:, 0], atol=1e-12)


def test_after_normalisation_all_three_rank_alike() -> None:
    """Page: 2000 unit vectors; and that they differ before."""
    x, queries = shared()
    for q in queries[:10]:
        orders = [np.argsort(-cosine(x, q)), np.argsort(-dot(x, q)), np.argsort(squared_distance(x, q))]
        assert (orders[0] == orders[1]).all()
        assert (orders[0] == orders[2]).all()
        np.testing.assert_allclose(squared_distance(x, q), 2 - 2 * cosine(x, q), atol=1e-12)
    assert (np.argsort(-cosine(X, Q)) != np.argsort(-dot(X, Q))).any()
    assert (np.argsort(-cosine(X, Q)) != np.argsort(squared_distance(X, Q))).any()


def test_three_measures_choose_three_candidates() -> None:
    """Page: the table with q = (1, 0)."""
    x, q = np.array([[0.6, 0.0], [1.0, 0.3], [3.0, 3.0]]), np.array([1.0, 0.0])
    assert cosine(x, q).round(3).tolist() == [1.0, 0.958, 0.707]
    assert dot(x, q).tolist() == [0.6, 1.0, 3.0]
    assert squared_distance(x, q).round(2).tolist() == [0.16, 0.09, 13.0]


def test_largest_product_is_nearest_after_augmenting() -> None:
    best = np.argsort(-dot(X, Q))
    assert (np.argsort(squared_distance(augment(X), augment_query(Q))) == best).all()
    assert (np.argsort(squared_distance(X, Q)) != best).any()
    np.testing.assert_allclose(np.ptp(np.linalg.norm(augment(X), axis=1)), 0, atol=1e-12)


def test_random_cosines() -> None:
    """Page: standard deviation 1/√d, and the largest of 5000 in 1024 dimensions."""
    cosines = {d: random_cosines(d, 5000) for d in (16, 128, 1024)}
    spread = {d: float(c.std()) for d, c in cosines.items()}
    assert [round(d**-0.5, 3) for d in spread] == [0.25, 0.088, 0.031]
    assert all(s == pytest.approx(d**-0.5, rel=0.03) for d, s in spread.items())
    assert round(float(np.abs(cosines[1024]).max()), 2) == 0.14
    assert 0.3 * 1024**0.5 > 9


def test_density_is_that_of_the_cosine() -> None:
    stats = pytest.importorskip("scipy.stats", reason="needs scipy==1.17.1")
    t, d = np.linspace(-0.9, 0.9, 7), 16
    beta = stats.beta((d - 1) / 2, (d - 1) / 2)  # (1 + cos)/2 is Beta distributed
    np.testing.assert_allclose(cosine_density(t, d), beta.pdf((1 + t) / 2) / beta.pdf(0.5), atol=1e-12)
    assert stats.kstest((1 + random_cosines(d, 5000)) / 2, beta.cdf).pvalue > 0.01


def test_one_minus_cosine_breaks_the_triangle_inequality() -> None:
    """Page: 0°, 45°, 90°."""
    half = 1 - np.cos(np.pi / 4)
    assert 2 * half < 1 - np.cos(np.pi / 2)
    assert round(float(2 * half), 3) == 0.586


def states() -> tuple[Array, Array, Array]:
    """Two sentences of 5 tokens in 16 dimensions, and what an encoder might output at a pad."""
    rng = np.random.default_rng(0)
    return rng.standard_normal((5, 16)), rng.standard_normal((5, 16)), rng.standard_normal(16)


def test_pooling_equals_torch_on_a_ragged_batch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    a, b, filler = states()
    batch, mask = (np.concatenate(p) for p in zip(pad(a, 9, filler), pad(b[:3], 9, filler), strict=True))
    sentences = [torch.from_numpy(a), torch.from_numpy(b[:3])]
    want = torch.stack([t.mean(0) for t in sentences]).numpy()
    np.testing.assert_allclose(mean_pool(batch, mask), want, atol=1e-12)
    want = torch.stack([t.amax(0) for t in sentences]).numpy()
    np.testing.assert_allclose(max_pool(batch, mask), want, atol=1e-12)
    np.testing.assert_array_equal(first_token(batch), np.stack([a[0], b[0]]))


def test_zero_padding_shortens_and_other_padding_turns() -> None:
    """Page: 16% of the length; cosine −0.11 of two unrelated sentences becomes 0.99."""
    a, b, filler = states()

    def angle(u: Array, v: Array) -> float:
        return float(normalise(u) @ normalise(v))

    padded, mask = pad(a, 32, np.zeros(16))
    assert angle(naive_mean(padded)[0], a.mean(0)) == pytest.approx(1, abs=1e-12)
    assert round(float(np.linalg.norm(naive_mean(padded)[0]) / np.linalg.norm(a.mean(0))), 2) == 0.16
    np.testing.assert_allclose(mean_pool(padded, mask)[0], a.mean(0), atol=1e-12)
    assert (padded.max(axis=1)[0] == np.maximum(a.max(axis=0), 0)).all()  # a pad of zeros hides negative maxima
    (p, m), (r, n) = pad(a, 32, filler), pad(b, 32, filler)
    assert round(angle(mean_pool(p, m)[0], mean_pool(r, n)[0]), 2) == -0.11
    assert round(angle(naive_mean(p)[0], naive_mean(r)[0]), 2) == 0.99
