"""Collapse, filters, augmentation, shortcuts against theory and loops; numbers of pretraining/synthetic-data.md."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from labs.pretraining.augment import any_drops, delete, insert, replace, swap
from labs.pretraining.execution_filter import CANDIDATES, CASES, passes, precision
from labs.pretraining.model_collapse import Array, diversity, refit, resample, zipf
from labs.pretraining.shortcut import accuracy, weights

WORDS = ["这", "部", "电影", "不", "好看"]
SYNONYMS = {"电影": ["影片", "片子"], "好看": ["精彩"]}


def collapse(real: float) -> Array:
    """The run of the page: 1000 chains, 50 samples a generation, 150 generations."""
    return refit(np.random.default_rng(0), 1000, 50, 150, real)


def test_log_variance_drifts_as_theory_says() -> None:
    special = pytest.importorskip("scipy.special", reason="needs scipy==1.17.1")
    drift = special.digamma(49 / 2) - np.log(49 / 2)  # E log(s²/σ²) of n = 50 normal samples
    assert drift == pytest.approx(-1 / 49, rel=0.02)
    log = np.log(collapse(0.0))
    spread = (special.polygamma(1, 49 / 2) * 150 / 1000) ** 0.5
    assert log[150].mean() == pytest.approx(150 * drift, abs=4 * spread)


def test_numbers_of_the_gaussian() -> None:
    """Page: medians after 10, 50 and 150 generations; 10 % real data keeps them near 1; 91 % of the chains shrank."""
    alone, mixed = collapse(0.0), collapse(0.1)
    assert [round(float(np.median(alone[g])), 2) for g in (10, 50, 150)] == [0.83, 0.36, 0.04]
    assert [round(float(np.median(mixed[g])), 2) for g in (10, 50, 150)] == [0.94, 0.98, 0.93]
    assert alone[50].mean() == pytest.approx(1, abs=0.1)  # the mean variance stays: few chains grow, most shrink
    assert round(100 * float((alone[150] < 1).mean())) == 91
    assert round(float(np.exp(-50 / 49)), 2) == 0.36


def test_diversity_shrinks_by_the_exact_factor() -> None:
    p, n = zipf(50), 40
    last = np.array([diversity(resample(np.random.default_rng(s), p, n, 10))[10] for s in range(800)])
    want = (1 - 1 / n) ** 10 * float(diversity(p))
    assert last.mean() == pytest.approx(want, abs=4 * float(last.std()) / 800**0.5)


def test_numbers_of_the_tail() -> None:
    """Page: tokens left of 1000."""
    history = resample(np.random.default_rng(0), zipf(1000), 2000, 20)
    kinds = (history > 0).sum(1)
    assert [int(kinds[g]) for g in (0, 1, 5, 20)] == [1000, 483, 230, 103]
    assert (np.diff(kinds) <= 0).all()
    np.testing.assert_allclose(history.sum(1), 1)


def test_filter_against_a_reference() -> None:
    """Page: which candidates each further test removes."""
    left = [[name for name, f in CANDIDATES.items() if passes(f, CASES[:n])] for n in range(1, 5)]
    assert [len(names) for names in left] == [4, 3, 2, 1]
    assert left[1] == ["正确", "从 0 开始比", "空表时报错"]
    assert left[3] == ["正确"]
    rng = np.random.default_rng(0)
    for _ in range(50):
        xs = [int(x) for x in rng.integers(-9, 9, rng.integers(0, 5))]
        assert passes(CANDIDATES["正确"], [(xs, max(xs, default=None))])


def test_precision_is_the_frequency() -> None:
    """Page: 20 % right, tests that wrong programs pass with 50 %, 20 %, 5 %."""
    assert [round(100 * precision(0.2, f)) for f in (0.5, 0.2, 0.05)] == [33, 56, 83]
    rng = np.random.default_rng(0)
    right = rng.random(100_000) < 0.2
    kept = right | (rng.random(100_000) < 0.2)
    assert right[kept].mean() == pytest.approx(precision(0.2, 0.2), abs=0.01)


def test_eda_operations() -> None:
    for seed in range(30):
        rng = np.random.default_rng(seed)
        changed = replace(WORDS, 1, SYNONYMS, rng)
        differ = [(a, b) for a, b in zip(WORDS, changed, strict=True) if a != b]
        assert len(differ) == 1
        assert differ[0][1] in SYNONYMS[differ[0][0]]
        longer = Counter(insert(WORDS, 2, SYNONYMS, rng)) - Counter(WORDS)
        assert sum(longer.values()) == 2
        assert set(longer) <= {"影片", "片子", "精彩"}
        assert Counter(swap(WORDS, 1, rng)) == Counter(WORDS)
        assert swap(WORDS, 1, rng) != WORDS
        assert delete(WORDS, 1.0, rng)[0] in WORDS
        assert delete(WORDS, 0.0, rng) == WORDS
    assert insert(["无"], 3, SYNONYMS, np.random.default_rng(0)) == ["无"]


def test_deletion_loses_the_negation() -> None:
    """Page: p = 0.1 and four copies lose 「不」 with 34 %."""
    assert round(any_drops(0.1, 4), 2) == 0.34
    rng = np.random.default_rng(0)
    lost = [any("不" not in delete(WORDS, 0.1, rng) for _ in range(4)) for _ in range(4000)]
    assert np.mean(lost) == pytest.approx(any_drops(0.1, 4), abs=0.03)


def test_shortcut() -> None:
    """Page: 95 % on the training distribution, 50 % where the shortcut is random, 80 % without it."""
    w = weights(0.8, 0.95)
    assert [round(x, 2) for x in w] == [1.39, 2.94]
    assert accuracy(w, 0.8, 0.95) == pytest.approx(0.95)
    assert accuracy(w, 0.8, 0.5) == pytest.approx(0.5)
    balanced = weights(0.8, 0.5)
    assert accuracy(balanced, 0.8, 0.95) == pytest.approx(0.8)
    assert accuracy(balanced, 0.8, 0.5) == pytest.approx(0.8)
    rng = np.random.default_rng(0)
    a, b = np.where(rng.random(100_000) < 0.8, 1, -1), np.where(rng.random(100_000) < 0.95, 1, -1)
    assert (a * w[0] + b * w[1] > 0).mean() == pytest.approx(accuracy(w, 0.8, 0.95), abs=0.01)
