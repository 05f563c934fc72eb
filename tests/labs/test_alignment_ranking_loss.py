"""The ranking loss against PyTorch's autograd, and the numbers of the pages reward-model and bradley-terry."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from labs.alignment.plackett_luce import log_prob
from labs.alignment.ranking_loss import pair_gradient, pair_loss, ranking_loss


@pytest.mark.parametrize("margin", [0.0, 1.0, 3.0])
def test_pair_loss_and_gradient_are_torchs(margin: float) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    gap = np.linspace(-30, 30, 13)
    w, lose = torch.tensor(gap, requires_grad=True), torch.zeros(13, dtype=torch.float64, requires_grad=True)
    value = -torch.nn.functional.logsigmoid(w - lose - margin)
    value.sum().backward()
    assert np.allclose(value.detach().numpy(), pair_loss(gap, margin), atol=1e-12)
    assert np.allclose(w.grad.numpy(), pair_gradient(gap, margin), atol=1e-12)
    assert np.allclose(lose.grad.numpy(), -pair_gradient(gap, margin), atol=1e-12)


@pytest.mark.parametrize("k", [2, 4, 9])
def test_ranking_loss_is_autograds(k: int) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    r = np.random.default_rng(k).normal(size=k)
    x = torch.tensor(r, requires_grad=True)
    pairs = [-torch.nn.functional.logsigmoid(x[i] - x[j]) for i, j in combinations(range(k), 2)]
    loss = sum(pairs) / len(pairs)
    loss.backward()
    got, grad = ranking_loss(r)
    assert got == pytest.approx(loss.item(), abs=1e-12)
    assert np.allclose(grad, x.grad.numpy(), atol=1e-12)
    assert grad.sum() == pytest.approx(0, abs=1e-12)


def test_page_gaps() -> None:
    """Page reward-model: loss and pull at gaps -2, 0, 2; with a margin of 3."""
    gap = np.array([-2.0, 0.0, 2.0])
    assert np.round(pair_loss(gap), 3).tolist() == [2.127, 0.693, 0.127]
    assert np.round(pair_gradient(gap), 2).tolist() == [-0.88, -0.5, -0.12]
    assert np.round(pair_gradient(gap, 3.0), 2).tolist() == [-0.99, -0.95, -0.73]


def test_page_pairs_of_a_ranking() -> None:
    """Page reward-model: C(4, 2) = 6 and C(9, 2) = 36 pairs, from 4 and 9 forward passes."""
    assert [len(list(combinations(range(k), 2))) for k in (4, 9)] == [6, 36]


def test_page_pairs_are_not_plackett_luce() -> None:
    """Page bradley-terry: the sum over three pairs against the likelihood of the whole ranking, scores 2, 1, 0."""
    r = np.array([2.0, 1.0, 0.0])
    assert round(3 * ranking_loss(r)[0], 3) == 0.753
    assert round(-log_prob(r, (0, 1, 2)), 3) == 0.721
