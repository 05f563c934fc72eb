"""Group advantages against brute force over all groups, and the numbers of grpo.md and dr-grpo.md."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from labs.alignment.group_advantage import binary_advantages, expected_gradient, informative, question_weight
from labs.alignment.policy_losses import group_advantage


@pytest.mark.parametrize("size", [2, 3, 5])
@pytest.mark.parametrize("kind", ["grpo", "dr", "rloo"])
def test_expected_gradient_against_all_groups(size: int, kind: str) -> None:
    """Sum over the 2^G groups, with the score taken by a finite difference of log σ(z)."""
    p, h = 0.3, 1e-6
    z = np.log(p / (1 - p))

    def log_policy(right: int, at: float) -> float:
        q = 1 / (1 + np.exp(-at))
        return float(np.log(q if right else 1 - q))

    score = [(log_policy(r, z + h) - log_policy(r, z - h)) / (2 * h) for r in (0, 1)]
    total = 0.0
    for group in product((0, 1), repeat=size):
        rewards = np.array(group, dtype=float)
        if kind == "rloo":
            a = np.array([r - np.delete(rewards, i).mean() for i, r in enumerate(rewards)])
        else:
            a = group_advantage(rewards, kind == "grpo")
        chance = np.prod([p if r else 1 - p for r in group])
        total += chance * np.mean([a[i] * score[r] for i, r in enumerate(group)])
    assert abs(expected_gradient(p, size, kind) - total) < 1e-9


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
def test_only_the_leave_one_out_baseline_is_exactly_unbiased(p: float) -> None:
    """Page dr-grpo: RLOO gives p(1−p), Dr.GRPO (G−1)/G of it, GRPO the mean of the group's deviation."""
    for size in (2, 4, 8):
        assert np.isclose(expected_gradient(p, size, "rloo"), p * (1 - p), atol=1e-12)
        assert np.isclose(expected_gradient(p, size, "dr"), (size - 1) / size * p * (1 - p), atol=1e-12)
    assert abs(expected_gradient(p, 512, "grpo") - np.sqrt(p * (1 - p))) < 0.01


def test_grpo_ascends_the_arcsine() -> None:
    """Page dr-grpo: in a large group GRPO follows 2·arcsin √p instead of p; dz derivative by finite difference."""
    for p in (0.2, 0.5, 0.8):
        z, h = np.log(p / (1 - p)), 1e-5
        up, down = (1 / (1 + np.exp(-(z + s * h))) for s in (1, -1))
        slope = (2 * np.arcsin(np.sqrt(up)) - 2 * np.arcsin(np.sqrt(down))) / (2 * h)
        assert np.isclose(slope, np.sqrt(p * (1 - p)), atol=1e-8)


def test_numbers_of_the_sparse_reward_page() -> None:
    """Page grpo: share of groups with a signal."""
    assert [round(informative(p, 16), 3) for p in (0.01, 0.1, 0.5, 0.9)] == [0.149, 0.815, 1.0, 0.815]
    assert [round(informative(0.01, g), 3) for g in (8, 64)] == [0.077, 0.474]
    assert round(1 / informative(0.01, 16), 1) == 6.7  # groups to draw until one speaks


def test_zero_one_equals_plus_minus_one_after_the_std() -> None:
    """Pages grpo and dr-grpo: with the std the scale of the reward is gone; without it, ±1 doubles the advantage."""
    r = np.array([1.0, 0, 0, 1, 0, 0, 0, 0])
    np.testing.assert_allclose(group_advantage(r), group_advantage(2 * r - 1), atol=1e-14)
    np.testing.assert_allclose(2 * group_advantage(r, False), group_advantage(2 * r - 1, False), atol=1e-14)
    assert not group_advantage(np.ones(8)).any() and not group_advantage(np.zeros(8)).any()


@pytest.mark.parametrize("reward", [0.1, 0.7, 1 / 3, -0.3, 1e-9])
@pytest.mark.parametrize("size", [3, 6, 7, 64])
@pytest.mark.parametrize("divide_by_std", [True, False])
def test_equal_rewards_give_exact_zeros_where_their_mean_is_not_exact(
    reward: float, size: int, divide_by_std: bool
) -> None:
    """The mean of three times 0.1 is not 0.1, and its deviation not 0: divided, that would be advantages of −1."""
    np.testing.assert_array_equal(group_advantage(np.full(size, reward), divide_by_std), np.zeros(size))


def test_worked_group_of_eight() -> None:
    """Page grpo: two right of eight; ddof 1 (torch.std, as verl uses it) is smaller by √(7/8)."""
    assert tuple(round(x, 3) for x in binary_advantages(2, 8)) == (1.732, -0.577)
    assert tuple(round(x, 2) for x in binary_advantages(2, 8, False)) == (0.75, -0.25)
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    r = torch.tensor([1.0, 1, 0, 0, 0, 0, 0, 0], dtype=torch.float64)
    with_ddof = ((r - r.mean()) / r.std()).numpy()
    np.testing.assert_allclose(with_ddof, group_advantage(r.numpy()) * np.sqrt(7 / 8), atol=1e-12)
    assert round(float(with_ddof[0]), 3) == 1.62


def test_table_of_difficulty() -> None:
    """Page dr-grpo: advantage of a right answer and loudness of a question, by pass rate, G = 10."""
    rows = []
    for right in (1, 5, 9):
        std, plain = binary_advantages(right, 10), binary_advantages(right, 10, False)
        p = right / 10
        rows.append([round(x, 2) for x in (*std, *plain, question_weight(p, "grpo"), question_weight(p, "dr"))])
    assert rows == [
        [3.0, -0.33, 0.9, -0.1, 0.6, 0.18],
        [1.0, -1.0, 0.5, -0.5, 1.0, 0.5],
        [0.33, -3.0, 0.1, -0.9, 0.6, 0.18],
    ]


def test_relative_loudness() -> None:
    """Page dr-grpo: a question at p = 0.01 against one at p = 0.5: 1/5 under GRPO, 1/25 under Dr.GRPO."""
    for kind, want in (("grpo", 0.199), ("dr", 0.0396)):
        assert round(question_weight(0.01, kind) / question_weight(0.5, kind), 4) == pytest.approx(want, abs=5e-4)
