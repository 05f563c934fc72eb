"""Product quantisation against Faiss, and the numbers of docs/vector-db/product-quantization.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.vector_db import memory
from labs.vector_db.evaluate import Array, measure, shared
from labs.vector_db.pq import adc, decode, encode, search, split, train
from labs.vector_db.projection import pca

X, QUERIES = shared()
BOOKS = {m: train(X, m) for m in (8, 16, 32)}
CODES = {m: encode(X, books) for m, books in BOOKS.items()}


def test_adc_is_the_distance_to_the_decoded_vector() -> None:
    want = ((decode(CODES[16], BOOKS[16]) - QUERIES[0]) ** 2).sum(axis=1)
    np.testing.assert_allclose(adc(CODES[16], QUERIES[0], BOOKS[16]), want, atol=1e-12)


def test_codes_and_distances_equal_faiss() -> None:
    faiss = pytest.importorskip("faiss", reason="needs faiss-cpu==1.15.1")
    index = faiss.IndexPQ(64, 16, 4)
    faiss.copy_array_to_vector(BOOKS[16].astype(np.float32).ravel(), index.pq.centroids)
    index.is_trained = True
    packed = index.sa_encode(X.astype(np.float32))  # two codes a byte, the first in the low bits
    np.testing.assert_array_equal(np.stack([packed & 15, packed >> 4], axis=2).reshape(len(X), 16), CODES[16])
    index.add(X.astype(np.float32))
    distances, _ = index.search(QUERIES[:20].astype(np.float32), 10)
    ours = np.stack([np.sort(adc(CODES[16], q, BOOKS[16]))[:10] for q in QUERIES[:20]])
    np.testing.assert_allclose(distances, ours, atol=1e-5)  # Faiss is float32


def test_every_part_takes_its_nearest_centre() -> None:
    parts = split(X[:40], 8)
    for j, (part, book) in enumerate(zip(parts, BOOKS[8], strict=True)):
        want = [int(((book - row) ** 2).sum(axis=1).argmin()) for row in part]
        assert CODES[8][:40, j].tolist() == want


def test_recall_table() -> None:
    """Page: bytes, recall without and with re-ranking."""
    table = [
        [round(measure(lambda q, m=m, r=r: search(CODES[m], BOOKS[m], X, q, r))[0], 3) for r in (10, 20, 40, 80, 160)]  # type: ignore[misc]
        for m in (8, 16, 32)
    ]
    assert table == [
        [0.425, 0.647, 0.83, 0.945, 0.991],
        [0.597, 0.815, 0.954, 0.995, 1.0],
        [0.764, 0.964, 0.998, 1.0, 1.0],
    ]
    assert [memory.product_code(m, 16) for m in (8, 16, 32)] == [4, 8, 16]


def test_quantising_the_query_too_is_worse() -> None:
    """Page: ADC 0.597, SDC 0.470."""

    def symmetric(q: Array) -> Array:
        return np.asarray(decode(encode(q[None], BOOKS[16]), BOOKS[16])[0])

    assert round(measure(lambda q: search(CODES[16], BOOKS[16], X, symmetric(q)))[0], 3) == 0.47


def test_uneven_parts() -> None:
    """Page: on the principal axes the first part holds 49% of the variance and 39% of the error; recall falls."""
    mean, axes = pca(X, 64)
    y = (X - mean) @ axes
    variance = y.reshape(-1, 16, 4).var(axis=0).sum(axis=1)
    assert round(float(variance[0] / variance.sum()), 2) == 0.49
    books = train(y, 16)
    codes = encode(y, books)
    error = ((y - decode(codes, books)) ** 2).mean(axis=0).reshape(16, 4).sum(axis=1)
    even = ((X - decode(CODES[16], BOOKS[16])) ** 2).sum(axis=1).mean()
    assert (round(float(even), 3), round(float(error.sum()), 3)) == (0.252, 0.256)
    assert round(float(error[0] / error.sum()), 2) == 0.39
    found = measure(lambda q: (np.argsort(adc(codes, (q - mean) @ axes, books), kind="stable")[:10], 0))[0]
    assert round(found, 3) == 0.443


def test_worked_sizes() -> None:
    """Page: 128 dimensions in 8 bytes; what the centres cost."""
    assert memory.flat(128) / memory.product_code(8) == 64
    assert 256**8 == 2**64
    assert 256 * 128 * 4 == 128 * 2**10
    assert (memory.flat(128) * 10**6, memory.product_code(8) * 10**6) == (512e6, 8e6)


def test_distances_are_too_small_on_average() -> None:
    """Page: the missing part is the quantisation error, when a codebook is the mean of its cells."""
    decoded = decode(CODES[8], BOOKS[8])
    error = ((X - decoded) ** 2).sum(axis=1).mean()
    true = np.mean([((X - q) ** 2).sum(axis=1).mean() for q in QUERIES])
    told = np.mean([adc(CODES[8], q, BOOKS[8]).mean() for q in QUERIES])
    assert true - told == pytest.approx(error, rel=0.02)
