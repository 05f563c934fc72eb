"""Sequence ratios: expectations by enumeration, derivatives against autograd, and the numbers of gspo.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.alignment.sequence_ratio import answers, spread, surrogates, token_logp

RNG = np.random.default_rng(0)
OLD, MOVE = RNG.standard_normal((6, 3)), RNG.standard_normal((6, 3))
SEQS = answers(6, 3)
REWARD = (SEQS.sum(axis=1) % 3 == 0).astype(float)


def test_probabilities_sum_to_one() -> None:
    assert len(SEQS) == 729
    assert np.isclose(np.exp(token_logp(OLD, SEQS).sum(axis=1)).sum(), 1)


def test_only_the_product_is_an_importance_weight() -> None:
    """Page gspo: E[w r] is J only for the product; the geometric mean does not even average to 1."""
    out = surrogates(OLD + MOVE, OLD, REWARD, SEQS)
    assert np.isclose(out["product"], out["true"], atol=1e-12)
    assert abs(out["sequence"] - out["true"]) > 0.01 and abs(out["token"] - out["true"]) > 1e-3
    ones = surrogates(OLD + MOVE, OLD, np.ones(729), SEQS)
    assert np.isclose(ones["product"], 1) and np.isclose(ones["token"], 1)
    assert round(ones["sequence"], 3) == 0.923


def test_first_order_agreement() -> None:
    """Page gspo: at θ_old token and sequence weight have one slope, 1/T of the true one."""
    h = 1e-5
    up, down = (surrogates(OLD + s * h * MOVE, OLD, REWARD, SEQS) for s in (1, -1))
    slope = {k: (up[k] - down[k]) / (2 * h) for k in up}
    assert np.isclose(slope["token"], slope["sequence"], atol=1e-9)
    assert np.isclose(6 * slope["token"], slope["true"], atol=1e-8)


def test_gradient_of_the_sequence_ratio() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    logits = torch.tensor(OLD + MOVE, requires_grad=True)
    logp = torch.log_softmax(logits, 1)[torch.arange(6), torch.tensor(SEQS[100])]
    s = torch.exp((logp - torch.tensor(token_logp(OLD, SEQS[100:101])[0])).mean())
    s.backward()
    want = -np.exp(np.log(np.exp(OLD + MOVE) / np.exp(OLD + MOVE).sum(1, keepdims=True)))  # one-hot minus softmax
    want[np.arange(6), SEQS[100]] += 1
    np.testing.assert_allclose(logits.grad.numpy(), s.item() / 6 * want, atol=1e-12)


def test_spread() -> None:
    """Page gspo: independent token noise of 0.05 on 1000 tokens: product ×/÷ 4.9, geometric mean ±0.16 %."""
    rng = np.random.default_rng(1)
    noise = 0.05 * rng.standard_normal((4000, 1000))
    _, product, sequence = spread(0.05, 1000)
    assert abs(noise.sum(axis=1).std() / product - 1) < 0.05 and abs(noise.mean(axis=1).std() / sequence - 1) < 0.05
    assert round(float(np.exp(product)), 1) == 4.9 and round(sequence, 4) == 0.0016
    assert round(spread(0.03, 10_000)[2], 5) == 0.0003


def test_log_ratio_is_a_kl_estimate() -> None:
    """Page gspo: E_old[log s] is minus the mean KL(old‖new) per token."""
    log_s = (token_logp(OLD + MOVE, SEQS) - token_logp(OLD, SEQS)).mean(axis=1)
    chance = np.exp(token_logp(OLD, SEQS).sum(axis=1))
    p, q = (np.exp(z) / np.exp(z).sum(1, keepdims=True) for z in (OLD, OLD + MOVE))
    kl = (p * np.log(p / q)).sum(axis=1).mean()
    assert np.isclose((chance * log_s).sum(), -kl, atol=1e-12)
