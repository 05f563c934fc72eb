"""Self-consistency scores against sampling, scikit-learn and loops; numbers of docs/reliability/selfcheckgpt.md."""

from __future__ import annotations

from itertools import product
from math import log

import numpy as np
import pytest

from labs.reliability.selfcheck import (
    direct_yes,
    draw,
    expected,
    inconsistency,
    known,
    misconception,
    overlap,
    unigram,
)

KNOWS, GUESSES, BELIEVES = known(0.95, 10), known(0.1, 10), misconception(0.9, 10)


def test_expected_by_enumeration() -> None:
    for p in (KNOWS, GUESSES, BELIEVES):
        right, wrong = expected(p)
        assert right[0] == pytest.approx(sum(p[0, 1:]), abs=1e-12)
        pairs = sum(p[0, i] * p[0, j] * (i != j) for i, j in product(range(1, 11), range(11)))
        assert wrong[0] == pytest.approx(pairs / (1 - p[0, 0]), abs=1e-12)


def test_draw_follows_p() -> None:
    got = draw(np.repeat(GUESSES, 3, 0), 20_000, np.random.default_rng(0))
    np.testing.assert_allclose(np.bincount(got[1], minlength=11) / 20_000, GUESSES[0], atol=0.01)


def test_page_scores() -> None:
    """Page: the table of expected scores; a wrong belief looks more consistent than a right answer."""
    rows = [[f"{x[0]:.2f}" for x in expected(p)] for p in (KNOWS, known(0.6, 10), GUESSES, BELIEVES)]
    assert rows == [["0.05", "0.99"], ["0.40", "0.96"], ["0.90", "0.91"], ["0.99", "0.18"]]


def auc(score: np.ndarray, bad: np.ndarray) -> float:
    """Chance that a wrong answer scores above a right one, by comparing all pairs."""
    above = score[bad][:, None] - score[~bad][None, :]
    return float((above > 0).mean() + (above == 0).mean() / 2)


def test_page_detection() -> None:
    """Page: AUROC over samples, with and without misconceptions among the facts."""
    metrics = pytest.importorskip("sklearn.metrics", reason="needs scikit-learn==1.9.1")
    pure = np.repeat(np.vstack([KNOWS, known(0.6, 10), GUESSES]), 700, 0)
    mixed = np.vstack([pure, np.repeat(BELIEVES, 700, 0)])
    table = {}
    for name, p in (("pure", pure), ("mixed", mixed)):
        rng = np.random.default_rng(0)
        answer = draw(p, 1, rng)[:, 0]
        samples = draw(p, 20, rng)
        for n in (1, 5, 20):
            score = inconsistency(answer, samples[:, :n])
            value = metrics.roc_auc_score(answer != 0, score)
            assert value == pytest.approx(auc(score, answer != 0), abs=1e-12)
            table[name, n] = f"{value:.2f}"
    assert table == {
        ("pure", 1): "0.84",
        ("pure", 5): "0.96",
        ("pure", 20): "0.97",
        ("mixed", 1): "0.68",
        ("mixed", 5): "0.72",
        ("mixed", 20): "0.75",
    }


def test_unigram_by_hand() -> None:
    """Counts of samples and answer together: a twice, b twice, c once; three types, so 5 + 3 in the denominator."""
    mean, worst = unigram(["a", "c"], [["a", "b"], ["b"]], ["a", "c"])
    assert worst == pytest.approx(-log(2 / 8), abs=1e-12)
    assert mean == pytest.approx((-log(3 / 8) - log(2 / 8)) / 2, abs=1e-12)


def test_page_indirect() -> None:
    """Page: agreement on the authors separates further than yes / no under a bias to say yes."""
    real, fake = known(0.8, 4)[0], np.full(20, 1 / 20)
    assert f"{overlap(real):.2f} {overlap(fake):.2f}" == "0.65 0.05"
    assert f"{direct_yes(True, 0.7, 0.3):.2f} {direct_yes(False, 0.7, 0.3):.2f}" == "0.79 0.49"
    same = draw(known(0.8, 4), 40_000, np.random.default_rng(1)).reshape(-1, 2)
    assert (same[:, 0] == same[:, 1]).mean() == pytest.approx(overlap(real), abs=0.01)
