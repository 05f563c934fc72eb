"""Carries and alignment, and the numbers of docs/reliability/arithmetic-difficulty.md."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np

from labs.reliability.arithmetic import (
    abacus_positions,
    add_reversed,
    carries,
    chance_longer,
    chance_of_carry,
    digits,
    index_hints,
    join,
    look_ahead,
)


def test_reversed_addition_is_addition() -> None:
    rng = np.random.default_rng(0)
    for _ in range(300):
        a, b = (int(v) for v in rng.integers(0, 10**9, 2))
        out = add_reversed(digits(a, 9)[::-1], digits(b, 9)[::-1])
        assert int("".join(map(str, out[::-1]))) == a + b


def test_look_ahead_is_enough() -> None:
    """Whatever stands beyond the places read, the output digit is the same."""
    for a, b in [(455, 540), (999, 1), (123, 456), (545, 454), (605, 294)]:
        x, y = digits(a, 3), digits(b, 3)
        for i, need in enumerate(look_ahead(x, y)):
            sums = {
                (
                    int("".join(map(str, x[: i + 1 + need])) + "".join(map(str, tail)))
                    + int("".join(map(str, y[: i + 1 + need])) + "0" * len(tail))
                )
                // 10 ** (2 - i)
                % 10
                for tail in product(range(10), repeat=2 - i - need)
            }
            assert len(sums) == 1


def test_chances_by_enumeration() -> None:
    """Page: 90 % of the places need one look; 1 % need more than two; a carry comes with probability 45, 49.5 … %."""
    all_pairs = [(a, b) for a, b in product(range(10), repeat=2)]
    assert Fraction(sum(a + b == 9 for a, b in all_pairs), 100) == chance_longer(1) == Fraction(1, 10)
    assert Fraction(sum(a + b > 9 for a, b in all_pairs), 100) == chance_of_carry(1) == Fraction(45, 100)
    two = sum(a + b > 99 for a, b in product(range(100), repeat=2))
    assert Fraction(two, 10_000) == chance_of_carry(2) == Fraction(495, 1000)
    assert chance_longer(2) == Fraction(1, 100)


def test_parallel_carries() -> None:
    for high, mid, low in product("kgp", repeat=3):
        assert join(join(high, mid), low) == join(high, join(mid, low))  # associative, so a tree may be used
    rng = np.random.default_rng(1)
    for _ in range(200):
        a, b = (digits(int(v), 8) for v in rng.integers(0, 10**8, 2))
        want, carry = [], 0
        for x, y in zip(a[::-1], b[::-1], strict=True):
            want.append(carry)
            carry = (x + y + carry) // 10
        assert carries(a, b) == want[::-1]


def test_page_example() -> None:
    """Page: 45678 + 54321 = 99999, one more is 100000; the first place must read all four after it."""
    assert 45678 + 54321 == 99999
    assert look_ahead(digits(45678, 5), digits(54321, 5)) == [4, 3, 2, 1, 0]
    assert carries(digits(45678, 5), digits(54322, 5)) == [1, 1, 1, 1, 0]
    assert look_ahead(digits(12345, 5), digits(11111, 5)) == [1, 1, 1, 1, 0]


def test_page_alignment() -> None:
    """Page: Abacus numbers of 21+543= (the reverse of 12 + 345) and the hints of 42 and 5."""
    assert abacus_positions("21+543=") == [1, 2, 0, 1, 2, 3, 0]
    assert abacus_positions("21+543=", offset=7) == [7, 8, 0, 7, 8, 9, 0]
    assert (index_hints(42), index_hints(5), index_hints(139)) == ("a2b4", "a5", "a9b3c1")
    units, tens = "12+345=".index("5") - "12+345=".index("2"), "12+345=".index("4") - "12+345=".index("1")
    assert (units, tens) == (4, 4)  # without hints: aligned by a distance that is 4 only because 345 has 3 digits
    longer = "12+3456="
    assert longer.index("6") - longer.index("2") == 5


def test_page_all_digits_right() -> None:
    """Page, questions: 99 % per digit leaves 82 % for twenty digits."""
    assert f"{0.99**20:.0%}" == "82%"
