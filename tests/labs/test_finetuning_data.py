"""Mixture and near-duplicates, and the numbers of docs/finetuning/sft-data-mixture.md."""

from __future__ import annotations

from math import log, sqrt

import numpy as np

from labs.finetuning.diversity import EXAMPLE, keep_new, tf_idf
from labs.finetuning.mixture import epochs, never_seen, weights

SIZES = np.array([100_000.0, 20_000, 5_000, 1_000])
"""Page: general, code, mathematics, safety."""


def test_epochs() -> None:
    """Page: the table of three temperatures at a budget of 126 000 draws."""
    for temperature, want in [(1, [1, 1, 1, 1]), (2, [0.7, 1.6, 3.2, 7.1]), (1e9, [0.3, 1.6, 6.3, 31.5])]:
        p = weights(SIZES, temperature)
        assert abs(p.sum() - 1) < 1e-12
        times = epochs(SIZES, p, 126_000)
        assert times.round(1).tolist() == want
        assert abs((times * SIZES).sum() - 126_000) < 1e-6


def test_drawing_agrees() -> None:
    """Against 126 000 real draws: counts by source, and the share that is never drawn."""
    p = weights(SIZES, 2)
    rng = np.random.default_rng(0)
    source = rng.choice(4, size=126_000, p=p)
    for i, n in enumerate(SIZES.astype(int)):
        drawn = rng.integers(n, size=int((source == i).sum()))
        assert abs(len(drawn) / n - epochs(SIZES, p, 126_000)[i]) < 0.15
        assert abs(1 - len(set(drawn.tolist())) / n - never_seen(epochs(SIZES, p, 126_000))[i]) < 0.01
    assert (
        1 - epochs(SIZES, weights(SIZES, 1e9), 126_000)[0] > 2 / 3
    )  # page: general data never drawn, even without replacement
    assert round(101_000 * 0.2 / 1_000) == 20  # page: the question on 1 % raised to 20 %
    assert round(float(never_seen(np.array([1.0]))[0]), 2) == 0.37  # page: drawn with replacement


def test_tf_idf_by_hand() -> None:
    texts = ["甲乙丙", "甲乙丁"]
    shared, own = 1.0, log(2) + 1  # 甲乙 in both, the other bigram in one
    want = shared**2 / (shared**2 + own**2)
    assert abs(float(np.prod(tf_idf(texts) @ tf_idf(texts).T)) - want**2) < 1e-12
    assert abs(sqrt(float((tf_idf(texts)[0] ** 2).sum())) - 1) < 1e-12


def test_keep_new() -> None:
    """Page: which of the eight instructions stay at two thresholds."""
    vectors = tf_idf(EXAMPLE)
    similar = vectors @ vectors.T
    for threshold, want in [(0.75, [0, 2, 3, 4, 5, 6, 7]), (0.6, [0, 3, 5, 6, 7])]:
        assert keep_new(vectors, threshold) == want
        naive: list[int] = []
        for i in range(len(EXAMPLE)):
            if all(similar[i, j] < threshold for j in naive):
                naive.append(i)
        assert naive == want
    assert [round(float(similar[i, j]), 2) for i, j in [(0, 1), (0, 2), (0, 7), (3, 4)]] == [0.86, 0.61, 0.59, 0.64]
