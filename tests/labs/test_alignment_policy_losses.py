"""The family of group losses against autograd, and the numbers of grpo.md, gspo.md, arpo.md, rl-loss-cheatsheet.md."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest

from labs.alignment.policy_losses import (
    DAPO,
    DR_GRPO,
    GRPO,
    GSPO,
    VAPO,
    Array,
    Mask,
    Recipe,
    group_advantage,
    policy_loss,
    share_prefix,
    token_weights,
)

RECIPES = [GRPO, DR_GRPO, DAPO, VAPO, GSPO]
LENGTHS, REWARDS = np.array([2, 8, 4, 6]), np.array([1.0, 1.0, 0.0, 0.0])
LONGEST = 10


class Batch(NamedTuple):
    """Log-probabilities of four answers of unequal length, padded to (4, 8)."""

    logp: Array
    old: Array
    ref: Array
    mask: Mask


def batch(noise: float = 0.3, seed: int = 0) -> Batch:
    rng = np.random.default_rng(seed)
    mask = np.arange(8) < LENGTHS[:, None]  # (4, 8)
    old = np.log(rng.uniform(0.05, 0.9, (4, 8)))
    logp, ref = old + noise * rng.standard_normal((4, 8)), old + 0.2 * rng.standard_normal((4, 8))
    return Batch(np.where(mask, logp, 0.0), np.where(mask, old, 0.0), np.where(mask, ref, 0.0), mask)


def advantages(recipe: Recipe, mask: Mask) -> Array:
    return np.where(mask, group_advantage(REWARDS, recipe.divide_by_std)[:, None], 0.0)


def by_autograd(torch: Any, recipe: Recipe, b: Batch, a: Array) -> tuple[float, Array]:
    """The formulas of the papers, answer by answer, differentiated by PyTorch."""
    logp = torch.tensor(b.logp, requires_grad=True)
    old, ref, adv = (torch.tensor(x) for x in (b.old, b.ref, a))
    total = int(LENGTHS.sum())
    loss, right = torch.zeros((), dtype=torch.float64), []
    for i, n in enumerate(LENGTHS.tolist()):
        new = logp[i, :n]
        ratio = torch.exp(new - old[i, :n])
        if recipe.sequence_ratio:
            ratio = torch.exp((new - old[i, :n]).mean()).expand(n)
        clipped = torch.clamp(ratio, 1 - recipe.low, 1 + recipe.high)
        term = torch.minimum(ratio * adv[i, :n], clipped * adv[i, :n])
        r = torch.exp(ref[i, :n] - new)
        term = term - recipe.beta * (r - torch.log(r) - 1)
        weight = {"sample": 1 / (4 * n), "tokens": 1 / total, "constant": 1 / (4 * LONGEST)}[recipe.average]
        loss = loss - weight * term.sum()
        if REWARDS[i] == 1:
            right.append(new)
    loss = loss - recipe.positive_nll * torch.cat(right).mean()
    loss.backward()
    return loss.item(), logp.grad.numpy()


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda r: r.name)
@pytest.mark.parametrize("noise", [0.0, 1e-4, 0.3])
def test_loss_and_gradient_equal_autograd(recipe: Recipe, noise: float) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    b = batch(noise)
    rng = np.random.default_rng(3)
    a = advantages(recipe, b.mask)
    if recipe is VAPO:  # a critic gives each token its own
        a = np.where(b.mask, rng.standard_normal((4, 8)), 0.0)
    loss, grad = policy_loss(recipe, *b, a, LONGEST, REWARDS == 1)
    want_loss, want_grad = by_autograd(torch, recipe, b, a)
    np.testing.assert_allclose(loss, want_loss, atol=1e-12)
    np.testing.assert_allclose(grad, want_grad, atol=1e-12)


def test_gspo_token_has_the_same_value_and_gradient() -> None:
    """Page gspo: with one advantage per answer the stop-gradient form is GSPO; with several it is another gradient."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    wide = Recipe("GSPO", sequence_ratio=True, low=0.1, high=0.1)
    b = batch(0.3)

    def token_form(a: Array, gradient_through_mean: bool) -> tuple[float, Array]:
        logp = torch.tensor(b.logp, requires_grad=True)
        loss = torch.zeros((), dtype=torch.float64)
        for i, n in enumerate(LENGTHS.tolist()):
            new = logp[i, :n]
            mean = (new - torch.tensor(b.old)[i, :n]).mean()
            s = torch.exp(mean if gradient_through_mean else mean.detach() + new - new.detach()).expand(n)
            adv = torch.tensor(a)[i, :n]
            term = torch.minimum(s * adv, torch.clamp(s, 0.9, 1.1) * adv)
            loss = loss - term.sum() / (4 * n)
        loss.backward()
        return loss.item(), logp.grad.numpy()

    a = advantages(wide, b.mask)
    loss, grad = policy_loss(wide, *b, a, LONGEST, REWARDS == 1)
    token_loss, token_grad = token_form(a, gradient_through_mean=False)
    np.testing.assert_allclose(loss, token_loss, atol=1e-12)
    np.testing.assert_allclose(grad, token_grad, atol=1e-12)
    assert (grad[b.mask] == 0).any() and (grad[b.mask] != 0).any()  # some answers are clipped, some are not
    uneven = np.where(b.mask, np.random.default_rng(1).standard_normal((4, 8)), 0.0)
    np.testing.assert_allclose(
        policy_loss(wide, *b, uneven, LONGEST, REWARDS == 1)[1], token_form(uneven, False)[1], atol=1e-12
    )
    # If s_i itself is differentiated, every token gets the mean of the advantages of its answer instead of its own.
    mean_only = token_form(uneven, gradient_through_mean=True)[1]
    assert np.abs(mean_only - token_form(uneven, False)[1]).max() > 1e-3


def test_on_policy_gspo_is_grpo() -> None:
    """Pages gspo and cheatsheet: at θ = θ_old, without KL, GRPO and GSPO have one gradient; DAPO and Dr.GRPO not."""
    b = batch(0.0)
    plain = Recipe("GRPO without KL")
    grads = {
        r.name: policy_loss(r, *b, advantages(r, b.mask), LONGEST, REWARDS == 1)[1]
        for r in (plain, GSPO, DAPO, DR_GRPO)
    }
    np.testing.assert_array_equal(grads[plain.name], grads["GSPO"])
    # per-token size on the short right, long right, short wrong, long wrong answer
    rows = {name: np.round(np.abs(g[:, 0]), 3).tolist() for name, g in grads.items()}
    assert rows["GSPO"] == [0.125, 0.031, 0.062, 0.042]
    assert rows["DAPO"] == [0.05] * 4
    assert np.allclose(np.abs(grads["Dr.GRPO"][:, 0]), 0.0125)


def test_loss_is_zero_and_gradient_is_not() -> None:
    """Page cheatsheet: on-policy GRPO starts at loss 0, for the advantages of a group sum to 0."""
    b = batch(0.0)
    loss, grad = policy_loss(Recipe("GRPO"), *b, advantages(GRPO, b.mask), LONGEST, REWARDS == 1)
    assert abs(loss) < 1e-15 and np.abs(grad).max() > 0.1


def test_share_of_the_longest_answer() -> None:
    """Page cheatsheet: what part of all |gradient| falls on the answer of 8 of 20 tokens."""
    b = batch(0.0)
    share = {}
    for r in (Recipe("GRPO"), DAPO, DR_GRPO):
        g = np.abs(policy_loss(r, *b, advantages(r, b.mask), LONGEST, REWARDS == 1)[1]).sum(axis=1)
        share[r.name] = round(float(g[1] / g.sum()), 3)
    assert share == {"GRPO": 0.25, "DAPO": 0.4, "Dr.GRPO": 0.4}


def test_what_the_clip_removes() -> None:
    """Page cheatsheet: active tokens of the same 20, log-ratios of deviation 0.3."""
    b = batch(0.3)
    live = {}
    for r in (Recipe("GRPO"), DAPO, GSPO):
        g = policy_loss(r, *b, advantages(r, b.mask), LONGEST, REWARDS == 1)[1]
        live[r.name] = int((g[b.mask] != 0).sum())
    assert live == {"GRPO": 12, "DAPO": 13, "GSPO": 4}


def test_average_of_papers_sums_to_one_or_less() -> None:
    mask = batch().mask
    assert np.isclose(token_weights(GRPO, mask, LONGEST).sum(), 1)
    assert np.isclose(token_weights(DAPO, mask, LONGEST).sum(), 1)
    assert np.isclose(token_weights(DR_GRPO, mask, LONGEST).sum(), 20 / 40)


def test_k3_pulls_towards_the_reference_even_without_advantage() -> None:
    """Page grpo: an all-right group has no policy gradient, and the KL term alone still moves the policy."""
    b = batch(0.0)
    zero = np.zeros((4, 8))
    grad = policy_loss(GRPO, *b, zero, LONGEST, REWARDS == 1)[1]
    assert np.abs(grad).max() > 0
    step = b.logp - 0.1 * grad
    assert (np.abs(step - b.ref) <= np.abs(b.logp - b.ref) + 1e-15)[b.mask].all()
    assert np.abs(policy_loss(DAPO, *b, zero, LONGEST, REWARDS == 1)[1]).max() == 0


@pytest.mark.parametrize(("average", "equal"), [("tokens", True), ("constant", True), ("sample", False)])
def test_soft_and_hard_attribution(average: str, equal: bool) -> None:
    """Page arpo: on a shared token the sum over branches is the mean advantage, unless 1/|o_i| weighs unequally."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    recipe = Recipe("ARPO", average=average)
    mask = np.arange(8) < LENGTHS[:, None]
    a = np.where(mask, group_advantage(np.array([1.0, 0, 0, 0]))[:, None], 0.0)
    prefix = np.where((np.arange(8) == 0) & (np.arange(4)[:, None] < 3), 0, -1)  # answers 0, 1, 2 share one token
    hard = share_prefix(a, prefix)
    weight = torch.tensor(token_weights(recipe, mask, LONGEST))
    grads = []
    for adv in (a, hard):
        logits = torch.tensor([0.3, -0.2, 0.5], dtype=torch.float64, requires_grad=True)
        logp = torch.log_softmax(logits, 0)[1]  # sampled once, used by three answers
        ratio = torch.exp(logp - logp.detach())
        (-(weight[:3, 0] * torch.tensor(adv[:3, 0]) * ratio).sum()).backward()
        grads.append(logits.grad.numpy())
    assert np.allclose(grads[0], grads[1], atol=1e-14) is equal


def test_prefix_of_the_whole_group_gets_nothing() -> None:
    """Page arpo: a token shared by all G answers has mean advantage 0."""
    a = np.tile(group_advantage(REWARDS)[:, None], (1, 8))
    assert np.abs(share_prefix(a, np.zeros((4, 8), dtype=int))).max() < 1e-15


def test_shared_prefix() -> None:
    """Page arpo: who shares a token gets the mean of those who share it, and nobody else changes."""
    a = np.where(batch().mask, group_advantage(REWARDS)[:, None], 0.0)
    prefix = np.full((4, 8), -1)
    prefix[[0, 1], 0] = 0  # answers 0 (right) and 1 (right) share their first token
    prefix[[1, 2], 1] = 1  # answers 1 (right) and 2 (wrong) share their second
    out = share_prefix(a, prefix)
    assert out[0, 0] == out[1, 0] == 1
    assert out[1, 1] == out[2, 1] == 0  # one right, one wrong: the shared token is not judged
    np.testing.assert_array_equal(out[prefix < 0], a[prefix < 0])
