"""Overlong shaping: the penalty of DAPO's formula by cases, and the numbers of dapo.md."""

from __future__ import annotations

import numpy as np

from labs.alignment.overlong import advantages, soft_penalty


def by_cases(n: int, longest: int, cache: int) -> float:
    """Equation 13 of the paper."""
    if n <= longest - cache:
        return 0.0
    return ((longest - cache) - n) / cache if n <= longest else -1.0


def test_penalty_equals_the_formula() -> None:
    for n in range(0, 26_000, 37):
        assert soft_penalty(np.array([float(n)]))[0] == by_cases(n, 20_480, 4_096)


def test_penalty_of_the_page() -> None:
    """Page dapo: 16 384 is free, 18 432 costs one half, 20 480 costs one."""
    assert soft_penalty(np.array([16_384.0, 17_408, 18_432, 20_480, 30_000])).tolist() == [0, -0.25, -0.5, -1, -1]


def test_treatments() -> None:
    """Page dapo: a right answer that was cut gets −1 like a wrong one, 0, or −1.36; a long right one pays 0.27."""
    right, length = np.array([1.0, 1, 1, 0]), np.array([9_000.0, 18_432, 20_480, 12_000])
    rows = {t: np.round(advantages(right, length, t), 2).tolist() for t in ("hard", "filter", "soft")}
    assert rows["hard"] == [1, 1, -1, -1]
    assert rows["filter"] == [1, 1, 0, -1]
    assert rows["soft"] == [1.15, 0.73, -1.36, -0.52]


def test_all_right_group_still_learns_to_be_shorter() -> None:
    """Page dapo: four right answers, none cut: no signal without the penalty, a purely length-based one with it."""
    right, length = np.ones(4), np.array([9_000.0, 16_000, 17_408, 19_456])
    assert not advantages(right, length, "hard").any()
    assert np.round(advantages(right, length, "soft"), 2).tolist() == [0.82, 0.82, 0.0, -1.63]
