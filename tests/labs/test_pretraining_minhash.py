"""MinHash against exact Jaccard and datasketch, and the numbers of docs/pretraining/pretraining-data-pipeline.md."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from labs.pretraining.minhash import (
    EXAMPLE,
    FINEWEB,
    LEE,
    Ints,
    candidates,
    clusters,
    estimate,
    hash_family,
    jaccard,
    s_curve,
    shingles,
    signature,
)

SETS = [shingles(text) for text in EXAMPLE]


def signatures(k: int, seed: int = 0) -> Ints:
    """Signatures (6, k) of the example documents."""
    family = hash_family(k, seed)
    return np.array([signature(s, family) for s in SETS])


def test_estimate_is_close_to_exact_jaccard() -> None:
    sig = signatures(4096)
    for i, j in combinations(range(len(SETS)), 2):
        assert estimate(sig[i], sig[j]) == pytest.approx(jaccard(SETS[i], SETS[j]), abs=4 * 0.5 / 4096**0.5)


def test_same_as_datasketch_given_our_values() -> None:
    datasketch = pytest.importorskip("datasketch", reason="needs datasketch==2.0.0")
    bands, rows = FINEWEB
    sig = signatures(bands * rows)
    theirs = [datasketch.MinHash(num_perm=len(s), hashvalues=s.astype(np.uint64), scheme="legacy") for s in sig]
    lsh = datasketch.MinHashLSH(num_perm=bands * rows, params=FINEWEB)
    for i, m in enumerate(theirs):
        lsh.insert(i, m)
    pairs = {(i, j) for i, m in enumerate(theirs) for j in lsh.query(m) if i < j}
    assert candidates(sig, bands) == pairs
    for i, j in combinations(range(len(sig)), 2):
        assert estimate(sig[i], sig[j]) == pytest.approx(theirs[i].jaccard(theirs[j]), abs=1e-12)


def test_datasketch_with_its_own_hashes_agrees_within_sampling_error() -> None:
    datasketch = pytest.importorskip("datasketch", reason="needs datasketch==2.0.0")
    k = 2048
    theirs = []
    for s in SETS[:4]:
        m = datasketch.MinHash(num_perm=k)
        m.update_batch([x.encode() for x in sorted(s)])
        theirs.append(m)
    sig = signatures(k)
    for i, j in combinations(range(4), 2):
        # Two independent estimates of the same J, each with standard deviation at most 0.5/sqrt(k).
        assert estimate(sig[i], sig[j]) == pytest.approx(theirs[i].jaccard(theirs[j]), abs=4 * 0.5 * (2 / k) ** 0.5)


def test_candidates_equal_naive_loop() -> None:
    sig = np.random.default_rng(0).integers(0, 2, (20, 12))
    naive = {
        (i, j)
        for i, j in combinations(range(20), 2)
        if any((sig[i, b : b + 3] == sig[j, b : b + 3]).all() for b in range(0, 12, 3))
    }
    assert candidates(sig, 4) == naive
    assert naive


def test_s_curve_is_the_frequency_of_candidates() -> None:
    """A pair that agrees at each position with chance s, drawn 20 000 times."""
    rng, (bands, rows) = np.random.default_rng(1), FINEWEB
    agree = np.all(rng.random((20_000, bands, rows)) < 0.75, axis=2)  # (pairs, bands)
    assert np.any(agree, axis=1).mean() == pytest.approx(float(s_curve(np.array(0.75), bands, rows)), abs=0.012)


def test_clusters_are_connected_components() -> None:
    assert clusters(6, {(0, 1), (1, 4), (2, 5)}) == [[0, 1, 4], [2, 5], [3]]
    assert clusters(4, {(2, 3), (1, 3), (0, 2)}) == [[0, 1, 2, 3]]


def test_numbers_of_the_example() -> None:
    """Page: the table of six documents, and which of them are dropped."""
    sig = signatures(112)
    exact = [round(jaccard(SETS[0], s), 2) for s in SETS]
    assert exact == [1.0, 0.86, 0.79, 0.52, 0.0, 0.0]
    assert [round(estimate(sig[0], s), 2) for s in sig] == [1.0, 0.88, 0.81, 0.54, 0.0, 0.0]
    assert clusters(6, candidates(sig, 14)) == [[0, 1, 2], [3], [4], [5]]


def test_numbers_of_the_s_curve() -> None:
    """Page: the table of the two settings, their thresholds, and the cost of comparing all pairs."""
    s = np.array([0.5, 0.6, 0.7, 0.75, 0.8, 0.85])
    assert [round(100 * float(p), 1) for p in s_curve(s, *FINEWEB)] == [5.3, 21.1, 56.5, 77.2, 92.4, 98.8]
    assert [round(100 * float(p), 1) for p in s_curve(s, *LEE)] == [0.0, 1.6, 30.2, 76.1, 99.5, 100.0]
    assert [round((1 / b) ** (1 / r), 2) for b, r in (FINEWEB, LEE)] == [0.72, 0.74]
    assert FINEWEB[0] * FINEWEB[1] == 112
    assert LEE[0] * LEE[1] == 9000
    assert round((0.75 * 0.25 / 112) ** 0.5, 3) == 0.041  # standard deviation of an estimate at s = 0.75
    n = 10**9
    assert n * (n - 1) // 2 == pytest.approx(5e17, rel=1e-8)
