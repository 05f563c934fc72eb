"""Momentum distillation against PyTorch, and the numbers of docs/multimodal/albef.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.attention.scaled_dot_product import softmax
from labs.multimodal.contrastive import log_softmax
from labs.multimodal.momentum_distillation import distillation_grad, distillation_loss, ema, toy_run


def test_loss_and_gradient_equal_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    z, soft = rng.standard_normal((6, 5)), softmax(rng.standard_normal((6, 5)))
    hard = np.eye(5)[rng.integers(5, size=6)]
    logits = torch.tensor(z, requires_grad=True)
    log_p = torch.log_softmax(logits, dim=1)
    kl = torch.nn.functional.kl_div(log_p, torch.tensor(soft), reduction="batchmean")
    want = 0.6 * -(torch.tensor(hard) * log_p).sum(1).mean() + 0.4 * kl
    want.backward()
    np.testing.assert_allclose(distillation_loss(z, hard, soft, 0.4), want.item(), atol=1e-12)
    np.testing.assert_allclose(distillation_grad(z, hard, soft, 0.4), logits.grad.numpy(), atol=1e-12)


def test_mixed_target_differs_by_a_constant() -> None:
    """Page: the code's cross-entropy to the mixed target and the paper's KL form differ by α·H(q), no gradient."""
    rng = np.random.default_rng(1)
    soft, hard = softmax(rng.standard_normal((4, 5))), np.eye(5)[:4]
    entropy = -(soft * np.log(soft)).sum(axis=1).mean()
    for seed in range(3):
        z = np.random.default_rng(seed).standard_normal((4, 5))
        mixed = -((0.6 * hard + 0.4 * soft) * log_softmax(z, axis=1)).sum(axis=1).mean()
        np.testing.assert_allclose(mixed - distillation_loss(z, hard, soft, 0.4), 0.4 * entropy, atol=1e-12)


def test_best_answer_is_the_mixture() -> None:
    """Page: y = (1,0,0,0), q = (½,½,0,0), α = 0.4: the optimum is (0.8, 0.2, 0, 0)."""
    hard, soft = np.eye(4)[:1], np.array([[0.5, 0.5, 1e-300, 1e-300]])
    best = np.log(np.array([[0.8, 0.2, 1e-12, 1e-12]]))
    np.testing.assert_allclose(distillation_grad(best, hard, soft, 0.4), 0.0, atol=1e-9)


def test_ema_memory() -> None:
    """Page: m = 0.995 halves an old weight in 138 steps; the mean age is 199 steps."""
    slow = np.array([1.0])
    steps = 0
    while slow[0] > 0.5:
        slow = ema(slow, np.zeros(1), 0.995)
        steps += 1
    assert steps == 139
    assert round(np.log(0.5) / np.log(0.995), 1) == 138.3
    ages = np.arange(20_000)
    assert round(float((0.005 * 0.995**ages * ages).sum())) == 199


def test_soft_labels_help_on_noisy_ones() -> None:
    """Page: test accuracy of the toy, three worlds."""
    got = [np.mean([toy_run(alpha, seed, steps=300) for seed in range(3)]) for alpha in (0.0, 0.4, 0.8)]
    assert [round(100 * float(v), 1) for v in got] == [50.1, 52.0, 55.3]
