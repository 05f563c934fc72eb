"""Token-level KL against the gradient of the whole response's KL (autograd); docs/alignment/kl-penalty.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.alignment.kl_sequences import Pair, mean_gradient, sequence_kl
from labs.attention.scaled_dot_product import softmax

RNG = np.random.default_rng(1)
Z: Pair = (RNG.standard_normal(3), RNG.standard_normal((3, 3)))
REF: Pair = (softmax(RNG.standard_normal(3)), softmax(RNG.standard_normal((3, 3))))


def true_gradient() -> Pair:
    """Autograd of KL over the nine responses, listed."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    z = [torch.tensor(x, requires_grad=True) for x in Z]
    logp = torch.log_softmax(z[0], -1)[:, None] + torch.log_softmax(z[1], -1)
    ref = torch.log(torch.tensor(REF[0])[:, None] * torch.tensor(REF[1]))
    loss = (logp.exp() * (logp - ref)).sum()
    assert sequence_kl(Z, REF) == pytest.approx(loss.item(), abs=1e-12)  # the chain rule
    loss.backward()
    return z[0].grad.numpy(), z[1].grad.numpy()


def test_k1_as_reward_is_exact() -> None:
    for got, want in zip(mean_gradient("k1", "reward", Z, REF), true_gradient(), strict=True):
        np.testing.assert_allclose(got, want, atol=1e-12)


def test_token_level_k2_in_the_loss_forgets_later_tokens() -> None:
    """Page: right for the last token, wrong for the first, which also decides what comes next."""
    got, want = mean_gradient("k2", "loss", Z, REF), true_gradient()
    np.testing.assert_allclose(got[1], want[1], atol=1e-12)
    assert np.abs(got[0] - want[0]).max() > 0.05


def test_k3_in_the_loss_misses_both() -> None:
    got, want = mean_gradient("k3", "loss", Z, REF), true_gradient()
    assert all(np.abs(a - b).max() > 0.01 for a, b in zip(got, want, strict=True))
