"""The game of 24: against all orders, operations and brackets; the table of agent-definition.md."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import permutations, product
from operator import add, mul, sub

import numpy as np
import pytest

from labs.agents.game24 import beam, blind, hand, solvable, thoughts

HANDS = [hand(*h) for h in ((4, 9, 10, 13), (1, 3, 4, 6), (2, 4, 6, 8), (4, 4, 10, 10))]


def div(a: Fraction, b: Fraction) -> Fraction:
    return a / b


TREES: list[Callable[..., Fraction]] = [
    lambda f, g, h, a, b, c, d: h(g(f(a, b), c), d),
    lambda f, g, h, a, b, c, d: h(f(a, g(b, c)), d),
    lambda f, g, h, a, b, c, d: g(f(a, b), h(c, d)),
    lambda f, g, h, a, b, c, d: f(a, h(g(b, c), d)),
    lambda f, g, h, a, b, c, d: f(a, g(b, h(c, d))),
]


def brute(numbers: tuple[int, ...]) -> bool:
    for cards in permutations(map(Fraction, numbers)):
        for operations in product((add, sub, mul, div), repeat=3):
            for tree in TREES:
                try:
                    if tree(*operations, *cards) == 24:
                        return True
                except ZeroDivisionError:
                    pass
    return False


@pytest.mark.parametrize("numbers", [(3, 3, 8, 8), (1, 1, 1, 1), (1, 5, 5, 5), (1, 1, 1, 8), (4, 9, 10, 13)])
def test_solvable_is_what_all_bracketings_say(numbers: tuple[int, ...]) -> None:
    assert solvable(hand(*numbers)) == brute(numbers)


def test_blind_chain_is_what_sampling_gives() -> None:
    rng, start, right, n = np.random.default_rng(8), hand(2, 4, 6, 8), 0, 20_000
    for _ in range(n):
        state = start
        while len(state) > 1:
            options = thoughts(state)
            state = options[int(rng.integers(len(options)))]
        right += state[0] == 24
    assert abs(right / n - blind(start)) < 4 * (blind(start) / n) ** 0.5


def test_table_of_the_page() -> None:
    assert round(100 * float(np.mean([blind(s) for s in HANDS])), 1) == 0.5
    table = {(0.0, 1): 100, (0.0, 5): 100, (0.1, 1): 34, (0.1, 5): 75, (0.3, 1): 9, (0.3, 5): 25}
    for (error, width), percent in table.items():
        runs = [beam(s, width, error, np.random.default_rng(k)) for s in HANDS for k in range(25)]
        assert sum(runs) == percent
