"""Tree search against brute force, and the numbers of docs/reasoning/mcts-reasoning.md."""

from __future__ import annotations

from itertools import product
from math import inf, log, sqrt

import numpy as np
import pytest

from labs.reasoning.mcts import Search, brute_force, hit_rate, trap_tree, uct


def test_brute_force_against_loops() -> None:
    payoff = np.random.default_rng(0).random((3, 3, 3))
    best, mean = brute_force(payoff)
    for a in range(3):
        leaves = [payoff[a, b, c] for b, c in product(range(3), repeat=2)]
        assert best[a] == max(leaves)
        assert mean[a] == pytest.approx(sum(leaves) / 9, abs=1e-12)


def test_uct_formula() -> None:
    """Page: two arms after 10 visits, worked by hand."""
    assert uct(6.0, 8, 10, 1.0) == pytest.approx(0.75 + sqrt(log(10) / 8), abs=1e-12)
    assert uct(0.0, 0, 10, 1.0) == inf
    shown = [f"{uct(6.0, 8, 10, c):.2f} {uct(1.0, 2, 10, c):.2f}" for c in (0.0, 1.0)]
    assert shown == ["0.75 0.50", "1.29 1.57"]


def test_counts_add_up() -> None:
    search = Search(trap_tree(), 1.0, np.random.default_rng(3))
    for _ in range(100):
        search.simulate()
    assert search.visits[()] == 100
    assert int(np.sum(search.root_visits())) == 99  # the first round only adds the root
    for state in search.visits:
        children: list[int] = [search.visits.get((*state, a), 0) for a in range(3)]
        if 0 < len(state) < 3 and any(children):
            assert sum(children) == search.visits[state] - 1
            returns = sum(search.total.get((*state, a), 0.0) for a in range(3))
            assert 0 <= search.total[state] - returns <= 1


def test_deterministic_tree_is_solved() -> None:
    payoff = np.zeros((3, 3, 3))
    payoff[2, 1, 0] = 1.0
    search = Search(payoff, 1.0, np.random.default_rng(0))
    for _ in range(300):
        search.simulate()
    path: tuple[int, ...] = ()
    while len(path) < 3:
        path = (*path, max(range(3), key=lambda a, path=path: search.visits.get((*path, a), 0)))  # type: ignore[misc]
    assert path == (2, 1, 0)


def test_page_trap_tree() -> None:
    """Page: values of the toy tree, and how often the best first action wins, of 20 searches."""
    best, mean = brute_force(trap_tree())
    assert best.tolist() == [0.5, 0.9, 0.3]
    assert [f"{m:.2f}" for m in mean] == ["0.50", "0.19", "0.30"]
    rates = {c: hit_rate(trap_tree(), c, [50, 200, 500], 20) for c in (0.0, 1.0)}
    assert {c: [round(20 * r) for r in row] for c, row in rates.items()} == {0.0: [4, 5, 5], 1.0: [4, 15, 20]}


def test_page_bandit() -> None:
    """Page: three arms 0.3, 0.5, 0.7, 300 pulls, by c."""
    shown = {}
    for c in (0.1, 1.0, 5.0):
        search = Search(np.array([0.3, 0.5, 0.7]), c, np.random.default_rng(1))
        for _ in range(301):
            search.simulate()
        shown[c] = search.root_visits()
    assert [20 - round(20 * hit_rate(np.array([0.3, 0.5, 0.7]), c, [301], 20)[0]) for c in (0.1, 1.0)] == [6, 0]
    assert shown == {0.1: [1, 6, 293], 1.0: [19, 41, 240], 5.0: [64, 102, 134]}
