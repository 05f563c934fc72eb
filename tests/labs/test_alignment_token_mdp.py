"""The token-level decision process by listing all answers, PyTorch's autograd, and the numbers of the page rlhf-mdp."""

from __future__ import annotations

import numpy as np
import pytest

from labs.alignment.kl_optimum import optimum
from labs.alignment.token_mdp import (
    Tables,
    policy_gradient,
    returns,
    sequence_distribution,
    sequences,
    soft_optimum,
    token_probs,
    token_rewards,
)
from labs.foundations.cross_entropy_kl import kl

V, T, BETA = 3, 3, 0.4


def random_tables(seed: int) -> Tables:
    rng = np.random.default_rng(seed)
    return [rng.dirichlet(np.ones(V), size=(V,) * t) for t in range(T)]


PI, REF = random_tables(0), random_tables(1)
SCORE = np.random.default_rng(2).normal(size=(V,) * T)


def test_token_rewards_sum_to_the_objective_of_the_sequence() -> None:
    """Page rlhf-mdp: undiscounted, Σ r_t = R - β log π(y)/π_ref(y)."""
    for y in sequences(PI):
        a, b = token_probs(PI, y), token_probs(REF, y)
        total = token_rewards(np.log(a / b), float(SCORE[y]), BETA).sum()
        assert total == pytest.approx(SCORE[y] - BETA * np.log(a.prod() / b.prod()), abs=1e-12)


def test_kl_of_answers_is_the_expected_sum_of_kls_of_tokens() -> None:
    whole = kl(sequence_distribution(PI), sequence_distribution(REF))
    steps = 0.0
    for t in range(T):
        reach = np.ones(())  # probability of each prefix of t tokens
        for s in range(t):
            reach = reach[..., None] * PI[s]
        per_state = (PI[t] * np.log(PI[t] / REF[t])).sum(axis=-1)
        steps += float((reach * per_state).sum())
    assert steps == pytest.approx(whole, abs=1e-12)


@pytest.mark.parametrize("gamma", [1.0, 0.9])
def test_returns_by_the_double_sum(gamma: float) -> None:
    r = np.random.default_rng(3).normal(size=7)
    want = [sum(gamma ** (k - t) * r[k] for k in range(t, 7)) for t in range(7)]
    assert np.allclose(returns(r, gamma), want, atol=1e-12)


def test_soft_bellman_is_the_optimum_over_whole_answers() -> None:
    """Page rlhf-mdp: token by token or over whole answers, one optimum; V at the prompt is β log Z."""
    policy, values = soft_optimum(REF, SCORE, BETA)
    ref = sequence_distribution(REF)
    assert np.allclose(sequence_distribution(policy), optimum(ref, SCORE.ravel(), BETA), atol=1e-12)
    want = BETA * np.log((ref * np.exp(SCORE.ravel() / BETA)).sum())
    assert float(values[0]) == pytest.approx(want, abs=1e-12)
    for table in policy:
        assert np.allclose(table.sum(axis=-1), 1, atol=1e-12)


def test_policy_gradient_is_autograds_though_rewards_hold_the_policy() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    logits = [torch.tensor(np.log(t), requires_grad=True) for t in PI]
    logp = [torch.log_softmax(z, dim=-1) for z in logits]
    total = torch.zeros((), dtype=torch.float64)
    for y in sequences(PI):
        lp = sum(logp[t][y[: t + 1]] for t in range(T))
        penalty = lp - float(np.log(token_probs(REF, y)).sum())
        total = total + torch.exp(lp) * (float(SCORE[y]) - BETA * penalty)
    total.backward()
    for z, g in zip(logits, policy_gradient(PI, REF, SCORE, BETA), strict=True):
        assert np.allclose(z.grad.numpy(), g, atol=1e-12)


def test_page_four_tokens() -> None:
    """Page rlhf-mdp: four tokens, β = 0.1, a score of 1.2."""
    log_ratio = np.array([0.10, -0.05, 0.40, 0.15])
    r = token_rewards(log_ratio, 1.2, 0.1)
    assert np.round(r, 3).tolist() == [-0.01, 0.005, -0.04, 1.185]
    assert np.round(returns(r), 3).tolist() == [1.14, 1.15, 1.145, 1.185]
    assert round(float(r.sum()), 3) == 1.14


def test_page_discounting_hides_the_score() -> None:
    """Page rlhf-mdp: what the first of 500 tokens sees of a score at the end."""
    r = np.zeros(500)
    r[-1] = 1.0
    assert returns(r)[0] == 1.0
    assert round(float(returns(r, 0.99)[0]), 4) == 0.0066
    assert round(float(returns(r, 0.999)[0]), 2) == 0.61


def test_page_count_of_states() -> None:
    """Page rlhf-mdp: every prefix is a state of its own."""
    assert sum(t.size // V for t in PI) == 1 + 3 + 9
    assert len(sequences(PI)) == 27
