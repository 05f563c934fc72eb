"""pass@k over suites: against brute force, simulation, and the numbers of docs/ai-coding/pass-at-k.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.ai_coding.pass_suite import all_pass, average_first, by_counting, first_accepted, spread, suite, truth
from labs.evaluation.pass_at_k import pass_at_k, plug_in


@pytest.mark.parametrize("n", [1, 4, 7])
def test_both_formulas_count_subsets(n: int) -> None:
    for c in range(n + 1):
        for k in range(1, n + 1):
            some, every = by_counting([i < c for i in range(n)], k)
            assert pass_at_k(n, c, k) == pytest.approx(some, abs=1e-12)
            assert all_pass(n, c, k) == pytest.approx(every, abs=1e-12)


def test_suite_is_unbiased_and_averaging_first_is_too_high() -> None:
    rng = np.random.default_rng(0)
    rates, n, k = np.array([0.9, 0.5, 0.1, 0.02]), 10, 5
    drawn = [suite(n, rng.binomial(n, rates).tolist(), k) for _ in range(4000)]
    assert np.mean(drawn) == pytest.approx(truth(rates, k), abs=4 * np.std(drawn) / 4000**0.5)
    assert average_first(rates, k) > truth(rates, k) + 0.1
    assert average_first(np.full(4, 0.3), k) == pytest.approx(truth(np.full(4, 0.3), k), abs=1e-12)


def test_first_accepted_is_what_sampling_gives() -> None:
    rng = np.random.default_rng(1)
    rate, k, catch, trials = 0.2, 10, 0.9, 40_000
    right = rng.random((trials, k)) < rate
    passes = right | (rng.random((trials, k)) > catch)
    first = passes.argmax(1)
    handed = right[np.arange(trials), first] & passes.any(1)
    some, good = first_accepted(rate, k, catch)
    assert right.any(1).mean() == pytest.approx(some, abs=0.01)
    assert handed.mean() == pytest.approx(good, abs=0.01)
    assert first_accepted(rate, k, 1.0)[0] == pytest.approx(first_accepted(rate, k, 1.0)[1], abs=1e-12)


def test_numbers_of_the_page() -> None:
    some, every = by_counting([True, True, False, False, False], 3)  # 10 subsets, one of them all wrong
    assert (some, every) == (0.9, 0.0)
    assert plug_in(5, 2, 3) == pytest.approx(0.784)
    rates = np.array([0.9, 0.9, 0.1, 0.1, 0.0])
    assert [round(truth(rates, k), 2) for k in (1, 5, 10)] == [0.40, 0.56, 0.66]
    assert [round(average_first(rates, k), 2) for k in (1, 5, 10)] == [0.40, 0.92, 0.99]
    assert [round(all_pass(10, 7, k), 2) for k in (1, 3, 5)] == [0.70, 0.29, 0.08]
    table = {catch: [round(first_accepted(0.2, k, catch)[1], 2) for k in (1, 10, 100)] for catch in (1.0, 0.9, 0.5)}
    assert table == {1.0: [0.20, 0.89, 1.0], 0.9: [0.20, 0.69, 0.71], 0.5: [0.20, 0.33, 0.33]}


def test_interval_of_164_problems() -> None:
    rng = np.random.default_rng(0)
    right = rng.binomial(200, rng.beta(0.5, 0.8, 164)).tolist()
    low, high = spread(200, right, 1, 4000, np.random.default_rng(1))
    assert low < suite(200, right, 1) < high
    assert 0.08 < high - low < 0.12
    fewer = spread(20, [round(c / 10) for c in right], 1, 4000, np.random.default_rng(1))
    assert high - low == pytest.approx(fewer[1] - fewer[0], rel=0.1)  # ten times fewer samples: as wide
