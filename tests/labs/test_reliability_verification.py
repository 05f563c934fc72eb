"""Verification by enumeration, edit distance by recursion; numbers of docs/reliability/cove.md."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from labs.reliability.edits import harmonic, levenshtein, preservation
from labs.reliability.verification import calls, verify


def test_verify_equals_simulation() -> None:
    rng = np.random.default_rng(0)
    a, v, w, copy, n = 0.4, 0.7, 0.1, 0.3, 200_000
    right = rng.random(n) < a
    agrees = (rng.random(n) < copy) | (rng.random(n) < np.where(right, v, w))
    got = verify(a, v, w, copy)
    want = (agrees.mean(), right[agrees].mean(), agrees[right].mean())
    np.testing.assert_allclose((got.kept, got.precision, got.recall), want, atol=0.005)


def test_page_copying() -> None:
    """Page: a draft that is 17 % right, short questions answered 70 % right; what copying the draft does."""
    rows = {}
    for copy in (0.0, 0.25, 0.5, 1.0):
        got = verify(0.17, 0.7, 0.05, copy)
        rows[copy] = (f"{got.kept:.1%}", f"{got.precision:.1%}", f"{got.recall:.1%}")
    assert rows == {
        0.0: ("16.1%", "74.1%", "70.0%"),
        0.25: ("37.0%", "35.6%", "77.5%"),
        0.5: ("58.0%", "24.9%", "85.0%"),
        1.0: ("100.0%", "17.0%", "100.0%"),
    }
    assert [calls(10, kind) for kind in ("joint", "2-step", "factored", "factor+revise")] == [3, 4, 13, 23]


def test_nothing_gained_without_independence() -> None:
    """If the check repeats the draft's mistakes as often as its truths (v = w), precision does not move."""
    assert verify(0.3, 0.6, 0.6, 0.0).precision == pytest.approx(0.3, abs=1e-12)


def slow(x: str, y: str) -> int:
    @cache
    def at(i: int, j: int) -> int:
        if i == 0 or j == 0:
            return i + j
        return min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (x[i - 1] != y[j - 1]))

    return at(len(x), len(y))


def test_levenshtein_equals_recursion() -> None:
    rng = np.random.default_rng(1)
    for _ in range(40):
        x, y = ("".join(rng.choice(list("abc"), rng.integers(0, 8))) for _ in range(2))
        assert levenshtein(x, y) == slow(x, y)


def test_page_edit() -> None:
    """Page: one character changed of 19; rewriting everything scores lower although both are fully attributed."""
    draft = "该片于 1994 年上映，导演是张三。"
    small, large = "该片于 1993 年上映，导演是张三。", "这部电影 1993 年公映。"
    assert len(draft) == 19
    kept = [preservation(draft, text) for text in (draft, small, large)]
    assert [f"{x:.2f}" for x in kept] == ["1.00", "0.95", "0.37"]
    assert [f"{harmonic(a, k):.2f}" for a, k in zip((0.5, 1.0, 1.0), kept, strict=True)] == ["0.67", "0.97", "0.54"]
    assert harmonic(0, 0) == 0
