"""Baselines by listing every sentence, and the numbers of docs/alignment/ppo-four-models.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.alignment.baseline import TinyPolicy, gradient_moments

LOGITS = np.random.default_rng(0).standard_normal((4, 3))
POLICY = TinyPolicy(LOGITS)
REWARD = {y: 5.0 + sum(y) + 2.0 * (y[-1] == y[0]) for y, _ in POLICY.listed}
KINDS = ("reward", "mean", "value", "advantage")


def test_probabilities_sum_to_one() -> None:
    assert sum(p for _, p in POLICY.listed) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_mean_is_the_gradient_of_the_expected_reward(kind: str) -> None:
    """Page: a baseline that does not depend on the token leaves the gradient as it is."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    z = torch.tensor(LOGITS, requires_grad=True)
    logp = torch.log_softmax(z, -1)
    sum(REWARD[y] * torch.exp(logp[range(4), list(y)].sum()) for y, _ in POLICY.listed).backward()
    np.testing.assert_allclose(gradient_moments(POLICY, REWARD, kind)[0], z.grad.numpy(), atol=1e-10)


def test_variances() -> None:
    """Page: table of the four weights."""
    got = [round(gradient_moments(POLICY, REWARD, kind)[1], 1) for kind in KINDS]
    assert got == [238.0, 8.6, 5.3, 1.6]


def test_a_constant_in_the_reward_only_hurts_without_a_baseline() -> None:
    """Page: adding 5 to every score."""
    plain = {y: r - 5 for y, r in REWARD.items()}
    assert round(gradient_moments(POLICY, plain, "reward")[1], 1) == 63.5
    for kind in KINDS[1:]:
        want = gradient_moments(POLICY, REWARD, kind)[1]
        assert gradient_moments(POLICY, plain, kind)[1] == pytest.approx(want, abs=1e-10)
