"""Plackett-Luce by brute force over all rankings, PyTorch's autograd, and the numbers of the page bradley-terry."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pytest

from labs.alignment.bradley_terry import win_probability
from labs.alignment.plackett_luce import distribution, gradient, log_prob, pair_marginal, sample

R = np.random.default_rng(0).normal(size=4) * 1.5


def test_all_rankings_sum_to_one() -> None:
    for k in (2, 3, 4, 5):
        r = np.random.default_rng(k).normal(size=k) * 2
        assert sum(distribution(r).values()) == pytest.approx(1, abs=1e-12)


def test_definition_by_drawing_without_replacement() -> None:
    for order in permutations(range(4)):
        p, left = 1.0, set(range(4))
        for item in order:
            p *= np.exp(R[item]) / sum(np.exp(R[j]) for j in left)
            left.remove(item)
        assert np.exp(log_prob(R, order)) == pytest.approx(p, rel=1e-12)


def test_two_items_are_bradley_terry() -> None:
    p = win_probability(R)
    for i, j in combinations(range(4), 2):
        assert np.exp(log_prob(R[[i, j]], (0, 1))) == pytest.approx(p[i, j], abs=1e-12)


def test_marginals_of_pairs_are_bradley_terry_whatever_else_is_ranked() -> None:
    p = win_probability(R)
    for i, j in permutations(range(4), 2):
        assert pair_marginal(R, i, j) == pytest.approx(p[i, j], abs=1e-12)


def test_first_place_is_a_softmax() -> None:
    top = [sum(p for order, p in distribution(R).items() if order[0] == i) for i in range(4)]
    assert np.allclose(top, np.exp(R) / np.exp(R).sum(), atol=1e-12)


def test_shift_invariance() -> None:
    for order in permutations(range(4)):
        assert log_prob(R + 9, order) == pytest.approx(log_prob(R, order), abs=1e-10)


def test_gradient_is_autograds() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    for order in ((0, 1, 2, 3), (2, 0, 3, 1)):
        x = torch.tensor(R, requires_grad=True)
        ranked = x[list(order)]
        sum(ranked[k] - torch.logsumexp(ranked[k:], 0) for k in range(4)).backward()
        assert np.allclose(x.grad.numpy(), gradient(R, order), atol=1e-12)


def test_gumbel_sorting_samples_it() -> None:
    draws = sample(R, 40_000, np.random.default_rng(1))
    for order, p in distribution(R).items():
        share = (draws == np.array(order)).all(axis=1).mean()
        assert abs(share - p) < 4 * np.sqrt(p * (1 - p) / 40_000)


def test_page_three_answers() -> None:
    """Page bradley-terry: scores 2, 1, 0."""
    r = np.array([2.0, 1.0, 0.0])
    d = distribution(r)
    assert [round(d[o], 3) for o in ((0, 1, 2), (1, 0, 2), (0, 2, 1))] == [0.486, 0.216, 0.179]
    assert round(pair_marginal(r, 0, 2), 3) == 0.881
    assert round(-log_prob(r, (0, 1, 2)), 3) == 0.721


def test_page_worst_first_is_another_model() -> None:
    """Page bradley-terry: drawing from the bottom with negated scores gives other probabilities."""
    r = np.array([2.0, 1.0, 0.0])
    assert round(float(np.exp(log_prob(-r, (2, 0, 1)))), 3) == 0.179  # as the ranking 1, 0, 2 read upwards
    assert round(distribution(r)[(1, 0, 2)], 3) == 0.216
