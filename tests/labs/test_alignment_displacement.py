"""Likelihood displacement against autograd, and the numbers of docs/alignment/dpo-likelihood-displacement.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.alignment.displacement import ALIKE, APART, HIDDEN, log_prob_rates, train
from labs.attention.scaled_dot_product import softmax


def test_rates_are_autograd() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    w, h = torch.tensor(ALIKE, requires_grad=True), torch.tensor(HIDDEN, requires_grad=True)
    logp = torch.log_softmax(w @ h, -1)
    pull = torch.autograd.grad(logp[0] - logp[1], (w, h), retain_graph=True)
    by_h, by_w = log_prob_rates(ALIKE, HIDDEN, 0, 1)
    for y in range(3):
        g_w, g_h = torch.autograd.grad(logp[y], (w, h), retain_graph=True)
        assert by_h[y] == pytest.approx((g_h * pull[1]).sum().item(), abs=1e-12)
        assert by_w[y] == pytest.approx((g_w * pull[0]).sum().item(), abs=1e-12)


def test_training_step_is_autograd() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    w, h = torch.tensor(ALIKE), torch.tensor(HIDDEN, requires_grad=True)
    logp = torch.log_softmax(w @ h, -1)
    ref = logp.detach()
    margin = 0.1 * ((logp[0] - ref[0]) - (logp[1] - ref[1]))
    (-torch.nn.functional.logsigmoid(margin) - 0.3 * logp[0]).backward()
    want = torch.softmax(w @ (h - 2.0 * h.grad), -1).detach().numpy()
    np.testing.assert_allclose(train(ALIKE, HIDDEN, 0, 1, lr=2.0, steps=1, alpha=0.3)[1], want, atol=1e-12)


def test_alike_pair_lifts_the_third() -> None:
    """Page: table and figure displacement_paths."""
    path = train(ALIKE, HIDDEN, 0, 1, steps=200)
    assert path[0].round(3).tolist() == [0.423, 0.415, 0.162]
    assert path[20].round(3).tolist() == [0.365, 0.302, 0.333]
    assert path[100].round(3).tolist() == [0.035, 0.015, 0.95]
    assert (np.diff(path[:, 0]) < 0).all()  # the chosen response falls at every step
    assert (np.diff(path[:, 0] / path[:, 1]) > 0).all()  # while its lead over the rejected one grows


def test_pair_apart_rises() -> None:
    """Page: same first probabilities, another rejected row."""
    path = train(APART, HIDDEN, 0, 1, steps=200)
    np.testing.assert_allclose(path[0], train(ALIKE, HIDDEN, 0, 1, steps=0)[0], atol=1e-12)
    assert path[20].round(3).tolist() == [0.956, 0.036, 0.009]


def test_first_rates() -> None:
    """Page: by the hidden state −0.07, by the unembedding +1.08."""
    by_h, by_w = log_prob_rates(ALIKE, HIDDEN, 0, 1)
    assert by_h.round(2).tolist() == [-0.07, -0.24, 0.8]
    assert by_w.round(2).tolist() == [1.08, -1.1, -0.01]


def test_table_lookup_cannot_displace() -> None:
    """Page: with free logits, a pair alone always raises its chosen response, at the rate 1 − π(w) + π(l)."""
    rng = np.random.default_rng(0)
    for _ in range(20):
        z = 3 * rng.standard_normal(5)
        pi = softmax(z)
        move = np.eye(5)[0] - np.eye(5)[1]  # gradient of log π(w) − log π(l)
        rate = (np.log(softmax(z + 1e-6 * move)) - np.log(pi))[0] / 1e-6
        assert rate == pytest.approx(1 - pi[0] + pi[1], abs=1e-5)
        assert rate > 0


def test_nll_keeps_the_chosen_up() -> None:
    """Page: α = 0 and 0.2, lr 5, 200 steps."""
    ends = {alpha: train(ALIKE, HIDDEN, 0, 1, lr=5.0, steps=200, alpha=alpha)[-1] for alpha in (0.0, 0.05, 0.2)}
    assert ends[0.0][0] < 1e-10
    assert ends[0.05].round(2).tolist() == [0.72, 0.12, 0.16]
    assert ends[0.2].round(2).tolist() == [0.88, 0.07, 0.05]
