"""GSB against SciPy, and the numbers of docs/evaluation/finetuning-evaluation.md."""

from __future__ import annotations

import pytest
from scipy.stats import binomtest

from labs.evaluation.gsb import (
    biased_judge,
    bootstrap_interval,
    cases_needed,
    chance_to_notice,
    net_win_rate,
    sign_test,
    swapped_verdict,
)


@pytest.mark.parametrize(("good", "bad"), [(52, 28), (45, 35), (0, 0), (1, 0), (5, 5), (3, 17), (130, 70)])
def test_sign_test_equals_scipy(good: int, bad: int) -> None:
    want = binomtest(good, good + bad, 0.5).pvalue if good + bad else 1.0
    assert sign_test(good, bad) == pytest.approx(want, abs=1e-12)


def test_page_table() -> None:
    """Page: G, S, B, net rate, p-value and interval of three evaluations."""
    rows = {}
    for g, s, b in [(45, 20, 35), (52, 20, 28), (180, 80, 140)]:
        low, high = bootstrap_interval(g, s, b, seed=0)
        rows[g, s, b] = f"{net_win_rate(g, s, b):.2f} {sign_test(g, b):.3f} {low:.2f} {high:.2f}"
    assert rows == {
        (45, 20, 35): "0.10 0.314 -0.08 0.27",
        (52, 20, 28): "0.24 0.010 0.07 0.41",
        (180, 80, 140): "0.10 0.029 0.01 0.18",
    }


def test_bootstrap_agrees_with_the_normal_interval() -> None:
    g, s, b = 520, 200, 280
    mean = net_win_rate(g, s, b)
    half = 1.96 * (((g + b) / 1000 - mean**2) / 1000) ** 0.5
    low, high = bootstrap_interval(g, s, b, seed=1)
    assert (low, high) == pytest.approx((mean - half, mean + half), abs=0.003)


def test_ties_do_not_move_the_sign_test_but_do_move_the_rate() -> None:
    assert net_win_rate(8, 2, 2) == 0.5
    assert net_win_rate(8, 90, 2) == 0.06
    assert f"{sign_test(8, 2):.3f}" == "0.109"  # page: the same for any number of ties


def test_swapping_cancels_a_position_bias() -> None:
    """Page: a judge who likes the first place calls equal answers a win each time; swapped, it is a tie."""
    for quality, bias, want in [(0.0, 1.0, "same"), (0.5, 1.0, "same"), (2.0, 1.0, "good"), (-2.0, 1.0, "bad")]:
        shown_first, shown_second = biased_judge(quality, bias, True), biased_judge(quality, bias, False)
        assert swapped_verdict(shown_first, shown_second) == want
    assert biased_judge(0.0, 1.0, True) == "good"
    assert biased_judge(0.0, 0.0, True) == "same"


def test_page_golden_set() -> None:
    """Page: 100 cases notice a 1 % break with 63 %; 95 % need 299, 149, 59 cases for 1, 2 and 5 %."""
    assert f"{chance_to_notice(100, 0.01):.0%}" == "63%"
    assert [cases_needed(f) for f in (0.01, 0.02, 0.05)] == [299, 149, 59]
    assert chance_to_notice(299, 0.01) >= 0.95 > chance_to_notice(298, 0.01)


def test_page_release_gate() -> None:
    """Page: 9 repaired and 2 broken: p = 0.065; 14 and 2: 0.004."""
    assert f"{sign_test(9, 2):.3f} {sign_test(14, 2):.3f}" == "0.065 0.004"


def test_page_questions() -> None:
    """Page, questions: 40:10 is clear, 230:200 is not; of 40 decided questions 27:13 is the first below 0.05."""
    assert sign_test(40, 10) < 1e-4
    assert sign_test(230, 200) > 0.1
    assert sign_test(27, 13) < 0.05 < sign_test(26, 14)
