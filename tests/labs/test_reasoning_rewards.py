"""Rule rewards, programs, rejection sampling; the numbers of the R1, Qwen2.5-Math and long-to-short pages."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from labs.reasoning.program_of_thought import right_by_hand, right_by_program, run
from labs.reasoning.rewards import accuracy, boxed, language, number, shaped, well_formed
from labs.reasoning.shortest_correct import shortest_correct, summary


@pytest.mark.parametrize(
    ("text", "want"),
    [
        (r"答案是 \boxed{42}。", "42"),
        (r"\boxed{1}，不对，应为 \boxed{\frac{1}{2}}", r"\frac{1}{2}"),
        (r"\boxed{\sqrt{x^{2}+1}} 完", r"\sqrt{x^{2}+1}"),
        (r"没写完 \boxed{3", None),
        ("42", None),
    ],
)
def test_boxed(text: str, want: str | None) -> None:
    assert boxed(text) == want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("1,024", Fraction(1024)),
        ("0.5", Fraction(1, 2)),
        (r"\frac{1}{2}", Fraction(1, 2)),
        (r"-\dfrac{3}{4}", Fraction(-3, 4)),
        (r"50\%", Fraction(1, 2)),
        ("x+1", None),
        ("1/0", None),
        (r"\frac{1}{0}", None),
    ],
)
def test_number(text: str, want: Fraction | None) -> None:
    assert number(text) == want


def test_page_four_replies() -> None:
    """R1 page: the table of four replies to one question, reference 1/2."""
    replies = [
        "<think>先通分，再相减。</think>答案 \\boxed{0.5}",
        "<think>先通分，then subtract the two fractions</think>答案 \\boxed{\\frac{1}{2}}",
        "答案 \\boxed{1/2}",
        "<think>可能是 0.5，也可能是 0.25。</think>答案 \\boxed{1/4}",
    ]
    table = [(accuracy(r, "1/2"), well_formed(r), round(language(r), 2)) for r in replies]
    assert table == [(1.0, 1.0, 1.0), (1.0, 1.0, 0.38), (1.0, 0.0, 0.0), (0.0, 1.0, 1.0)]
    assert well_formed("<think>a</think><think>b</think>c") == 0.0
    assert well_formed("<think>a</think>  ") == 0.0


def test_shaping_equals_torch_and_separates() -> None:
    """Qwen2.5-Math page: any right answer beats any wrong one; three worked values."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    scores = torch.linspace(-20, 20, 41, dtype=torch.float64)
    for right in (False, True):
        want = torch.sigmoid(0.5 * scores) + (float(right) - 1)
        got = [shaped(float(s), right) for s in scores]
        np.testing.assert_allclose(got, want.numpy(), atol=1e-12)
    assert min(shaped(s, True) for s in (-20.0, 0.0)) > max(shaped(s, False) for s in (0.0, 20.0))
    assert [f"{shaped(s, r):.2f}" for s, r in ((2.0, True), (-2.0, True), (2.0, False), (-2.0, False))] == [
        "0.73",
        "0.27",
        "-0.27",
        "-0.73",
    ]


def test_program_equals_python() -> None:
    program = "a = 17 * 23 - 4\nb = (a + 2.5) / 8\nanswer = -b * (a - 1)"
    names: dict[str, float] = {}
    exec(program, {}, names)
    assert {k: float(v) for k, v in run(program).items()} == pytest.approx(names, rel=1e-12)
    assert run("x = 0.1 + 0.2")["x"] == Fraction(3, 10)
    for bad in ("import os", "x = open('f')", "x = __import__('os')", "x = 2 ** 9", "x = True", "print(1)"):
        with pytest.raises(ValueError):
            run(bad)


def test_page_program_chance() -> None:
    """Qwen2.5-Math page: ten steps and two steps, plan 0.98, arithmetic 0.97, program 0.95."""
    assert [f"{right_by_hand(0.98, 0.97, k):.2f} {right_by_program(0.98, 0.95, k):.2f}" for k in (10, 2, 1)] == [
        "0.60 0.78",
        "0.90 0.91",
        "0.95 0.93",
    ]
    rng = np.random.default_rng(0)
    ok = (rng.random((100_000, 20)) < np.tile([0.98, 0.97], 10)).all(axis=1)
    assert ok.mean() == pytest.approx(right_by_hand(0.98, 0.97, 10), abs=0.006)


P, LENGTH, RIGHT = (
    np.array([0.1, 0.3, 0.4, 0.2]),
    np.array([500.0, 1000.0, 2000.0, 4000.0]),
    np.array([0.3, 0.5, 0.7, 0.8]),
)


def test_shortest_against_every_sequence() -> None:
    kinds = [(i, ok) for i in range(4) for ok in (0, 1)]
    want = np.zeros(4)
    for draw in product(kinds, repeat=3):
        weight = np.prod([P[i] * (RIGHT[i] if ok else 1 - RIGHT[i]) for i, ok in draw])
        good = [i for i, ok in draw if ok]
        if good:
            want[min(good)] += weight
    np.testing.assert_allclose(shortest_correct(P, RIGHT, 3), want, atol=1e-12)


def test_page_shortest() -> None:
    """Long-to-short page: the table by number of samples."""
    rows = [summary(P, LENGTH, RIGHT, n) for n in (1, 4, 16, 32)]
    assert [f"{share:.2f} {length:.0f}" for share, length in rows] == ["0.62 2202", "0.98 1513", "1.00 849", "1.00 690"]
    assert [P @ LENGTH, round(float(P @ RIGHT), 2)] == [1950.0, 0.62]
