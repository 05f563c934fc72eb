"""Branching rollouts: entropy against SciPy, budgets by hand, and the numbers of arpo.md."""

from __future__ import annotations

import numpy as np
from scipy.special import softmax
from scipy.stats import entropy as scipy_entropy

from labs.alignment.branch_rollout import branches, entropy, entropy_change, reward, rollout, tool_calls

RULE = (0.2, 1.0, 0.5)  # α, β, τ


def test_entropy_equals_scipy() -> None:
    z = np.random.default_rng(0).standard_normal((5, 7))
    np.testing.assert_allclose(entropy(z), scipy_entropy(softmax(z, axis=1), axis=1), atol=1e-12)
    assert entropy_change(z, z) == 0
    flat = np.zeros((5, 7))
    assert np.isclose(entropy_change(flat, z), (5 * np.log(7) - entropy(z).sum()) / 7)


def test_threshold() -> None:
    """Page arpo: with α = 0.2, β = 1, τ = 0.5 a branch needs ΔH > 0.3."""
    assert not branches(0.3, *RULE) and branches(0.31, *RULE)


def test_budget_is_never_exceeded() -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        places, rest = rollout(rng.normal(0.2, 0.3, (8, 4)), 16, 8, 2, RULE)
        assert len(places) + rest == 8 and rest >= 0


def test_worked_rollout() -> None:
    """Page arpo: M = 16, N = 8, Z = 2, four tool steps; three points branch: 6 branches and 2 more whole ones."""
    changes = np.zeros((8, 4))
    changes[0, 1] = changes[3, 1] = changes[5, 2] = 0.4
    places, rest = rollout(changes, 16, 8, 2, RULE)
    assert places == [1, 1, 1, 1, 2, 2] and rest == 2
    assert tool_calls(4, 16, places) == 50 and tool_calls(4, 16, []) == 64
    quiet, left = rollout(np.zeros((8, 4)), 16, 8, 2, RULE)
    assert quiet == [] and left == 8  # no jump anywhere: it is GRPO's rollout


def test_reward() -> None:
    """Page arpo: the bonus is for right answers only."""
    assert [reward(*x) for x in ((True, True, 2), (True, True, 1), (False, True, 2), (True, False, 2))] == [
        1.1,
        1,
        0,
        -1,
    ]
