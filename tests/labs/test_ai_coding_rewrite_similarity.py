"""Rewriting detector: against SciPy, recursion and theory, and the numbers of docs/ai-coding/ai-code-detection.md."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy.stats import mannwhitneyu

from labs.ai_coding.rewrite_similarity import (
    PEOPLE,
    auc,
    bigram_similarity,
    edit_similarity,
    expected_kept,
    model_wordings,
    precision,
    rewrite,
    scores,
    tokens,
    write,
)


def test_edit_similarity_by_recursion() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        a, b = ["".join(rng.choice(list("abc"), rng.integers(1, 7))) for _ in range(2)]

        @cache
        def distance(i: int, j: int, a: str = a, b: str = b) -> int:
            if not i or not j:
                return i + j
            return min(distance(i - 1, j) + 1, distance(i, j - 1) + 1, distance(i - 1, j - 1) + (a[i - 1] != b[j - 1]))

        assert edit_similarity(a, b) == pytest.approx(1 - distance(len(a), len(b)) / max(len(a), len(b)), abs=1e-12)


def test_bigram_similarity_by_hand() -> None:
    assert bigram_similarity(list("abab"), list("abc")) == 1 / 4  # ab, ba, ab against ab, bc
    assert bigram_similarity(list("abc"), list("abc")) == 1


def test_auc_is_the_rank_statistic() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.integers(0, 6, 40).astype(float), rng.integers(1, 8, 30).astype(float)
    assert auc(x, y) == pytest.approx(mannwhitneyu(x, y).statistic / (40 * 30), abs=1e-12)


def test_kept_slots_by_simulation() -> None:
    rng, p = np.random.default_rng(2), model_wordings(0.85)
    for written in (p, PEOPLE):
        program = write(200_000, written, rng)
        same = (rewrite(program, p, 0.6, rng) == program).mean()
        assert same == pytest.approx(expected_kept(p, written, 0.6), abs=0.005)


def test_numbers_of_the_page() -> None:
    p = model_wordings(0.85)
    assert round(expected_kept(p, p, 0.6), 3) == 0.838
    assert expected_kept(p, PEOPLE, 0.6) == pytest.approx(0.55)
    assert [round(precision(0.8, f, s), 2) for f, s in ((0.05, 0.5), (0.05, 0.1), (0.01, 0.1))] == [0.94, 0.64, 0.90]
    found = {
        (slots, peak, edited, rounds): round(auc(*scores(slots, peak, edited, rounds, np.random.default_rng(0))), 2)
        for slots in (8, 16)
        for peak, edited, rounds in ((0.85, 0.0, 1), (0.85, 0.5, 1), (0.85, 1.0, 1), (0.6, 0.0, 1), (0.85, 0.0, 4))
    }
    assert found == FOUND
    assert tokens(write(2, p, np.random.default_rng(0)))


FOUND = {
    (8, 0.85, 0.0, 1): 0.90,
    (8, 0.85, 0.5, 1): 0.72,
    (8, 0.85, 1.0, 1): 0.51,
    (8, 0.6, 0.0, 1): 0.69,
    (8, 0.85, 0.0, 4): 0.98,
    (16, 0.85, 0.0, 1): 0.96,
    (16, 0.85, 0.5, 1): 0.80,
    (16, 0.85, 1.0, 1): 0.53,
    (16, 0.6, 0.0, 1): 0.70,
    (16, 0.85, 0.0, 4): 0.99,
}
"""Slots, favourite wording's chance, share edited by a person, rewritings → AUC."""
