"""FActScore by hand, F1@K against scikit-learn; numbers of docs/reliability/hallucination-evaluation.md."""

from __future__ import annotations

import pytest

from labs.reliability.atomic_facts import by_position, f1_at_k, factscore, precision


def test_f1_equals_sklearn() -> None:
    """Up to K facts, F1@K is the F1 of a reader who wanted K facts: K − S of them are missing."""
    metrics = pytest.importorskip("sklearn.metrics", reason="needs scikit-learn==1.9.1")
    for s, n, k in [(12, 3, 16), (8, 0, 32), (30, 10, 64), (1, 9, 5)]:
        wanted = [1] * s + [0] * n + [1] * (k - s)
        said = [1] * (s + n) + [0] * (k - s)
        assert f1_at_k(s, n, k) == pytest.approx(metrics.f1_score(wanted, said), abs=1e-12)
    assert f1_at_k(0, 5, 8) == 0


def test_factscore_averages_answers() -> None:
    short, long = [True, True], [True] * 4 + [False] * 6
    score, answered, length = factscore([short, long, None])
    assert score == pytest.approx((1 + 0.4) / 2)
    assert answered == pytest.approx(2 / 3)
    assert length == 6
    assert precision(short + long) == 0.5  # over facts instead of answers it would be another number


def test_page_example() -> None:
    """Page: six atomic facts, four of them supported."""
    assert f"{precision([True, True, True, False, True, False]):.3f}" == "0.667"


def test_page_table() -> None:
    """Page: precision alone prefers the shortest answer, F1@K depends on K."""
    answers = {"short": (8, 0), "middle": (30, 10), "long": (64, 16)}
    got = {name: [f"{f1_at_k(s, n, k):.2f}" for k in (8, 32, 64)] for name, (s, n) in answers.items()}
    assert got == {
        "short": ["1.00", "0.40", "0.22"],
        "middle": ["0.86", "0.83", "0.58"],
        "long": ["0.89", "0.89", "0.89"],
    }
    assert [f"{s / (s + n):.2f}" for s, n in answers.values()] == ["1.00", "0.75", "0.80"]


def test_by_position() -> None:
    assert by_position([[True, True, False, False], [True, False]], 2) == [1.0, 0.0]
