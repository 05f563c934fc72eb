"""LSH against its formulas and Faiss, and the numbers of docs/vector-db/lsh.md."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from labs.vector_db.evaluate import measure, shared, truth
from labs.vector_db.fewer_bits import hamming
from labs.vector_db.lsh import LSH, collision, hit

X, QUERIES = shared()


def test_collisions_happen_as_often_as_the_formula_says() -> None:
    rng = np.random.default_rng(0)
    planes = rng.standard_normal((20_000, 64))
    for q, t in zip(QUERIES[:5], truth(), strict=False):
        for other in (X[t[0]], X[7]):
            theta = np.arccos(q @ other)
            same = ((planes @ q > 0) == (planes @ other > 0)).mean()
            assert same == pytest.approx(float(collision(theta)), abs=0.015)


def test_tables_hit_as_often_as_the_formula_says() -> None:
    rng = np.random.default_rng(1)
    same = rng.random((20_000, 16, 8)) < 0.8  # each bit agrees with chance 0.8
    assert np.any(np.all(same, axis=2), axis=1).mean() == pytest.approx(float(hit(0.8, 8, 16)), abs=0.012)


def test_search_equals_a_loop_over_buckets() -> None:
    index = LSH(X[:200], k=5, tables=3, seed=2)
    for q in QUERIES[:10]:
        signs = [[bool(r @ q > 0) for r in table] for table in index.planes]
        together = [
            i
            for i, x in enumerate(X[:200])
            if any([bool(r @ x > 0) for r in table] == s for table, s in zip(index.planes, signs, strict=True))
        ]
        ids, cost = index.search(q, 200)
        assert sorted(ids.tolist()) == together
        assert cost == 15 + len(together)
        assert (np.diff(X[:200][ids] @ q) <= 1e-12).all()


def test_sign_bits_equal_faiss_with_the_same_planes() -> None:
    faiss = pytest.importorskip("faiss", reason="needs faiss-cpu==1.15.1")
    index = faiss.IndexLSH(64, 64, True)
    index.train(X.astype(np.float32))
    planes = faiss.vector_to_array(index.rrot.A).reshape(64, 64)  # its rows are its hyperplanes
    theirs = index.sa_encode(X.astype(np.float32))
    ours = np.packbits(X @ planes.T > 0, axis=1, bitorder="little")
    wrong = sum(int(hamming(theirs, row)[i]) for i, row in enumerate(ours))
    assert wrong <= 5  # of 128 000 bits: a vector on a plane, in float32


def test_numbers_of_the_table() -> None:
    """Page: eight bits, 4 to 32 tables."""
    rows = [measure(LSH(X, 8, tables).search) for tables in (4, 8, 16, 32)]
    assert [round(r, 3) for r, _ in rows] == [0.422, 0.628, 0.843, 0.961]
    assert [round(c) for _, c in rows] == [116, 212, 385, 682]


def test_angles_and_chances() -> None:
    """Page: mean angles, the chances that belong to them, and why the measured recall is lower."""
    near = np.concatenate([np.arccos(X[t] @ q) for q, t in zip(QUERIES, truth(), strict=True)])
    every = np.arccos(QUERIES @ X.T)
    assert (round(float(np.degrees(near.mean())), 1), round(float(np.degrees(every.mean())), 1)) == (40.8, 87.7)
    p1, p2 = float(collision(near.mean())), float(collision(every.mean()))
    assert (round(p1, 3), round(p2, 3)) == (0.773, 0.513)
    assert round(float(hit(p1, 8, 16)), 3) == 0.888
    averaged = float(hit(collision(near), 8, 16).mean())
    assert averaged < float(hit(p1, 8, 16))
    assert round(averaged, 3) == 0.864
    draws = [measure(LSH(X, 8, 16, seed).search)[0] for seed in range(6)]
    assert np.mean(draws) == pytest.approx(averaged, abs=0.01)
    assert min(draws) < averaged < max(draws)
    rho = log(1 / p1) / log(1 / p2)
    assert round(rho, 2) == 0.38
    assert (round(2000**rho), round((10**6) ** rho)) == (19, 203)


def test_error_of_an_angle_from_a_signature() -> None:
    """Page: 64 bits 11°, 256 bits 5.6°, at a right angle."""
    spread = [float(np.degrees(np.pi * (0.25 / bits) ** 0.5)) for bits in (64, 256)]
    assert [round(s, 1) for s in spread] == [11.2, 5.6]
