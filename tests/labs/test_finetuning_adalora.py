"""AdaLoRA against PyTorch's autograd, and the numbers of docs/finetuning/adalora.md."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from labs.finetuning.adalora import Smooth, backward, budget, forward, keep, penalty, train, triplet_scores


def test_forward_and_gradients_equal_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    x, w0, p, q, grad = (rng.standard_normal(s) for s in [(5, 6), (7, 6), (7, 3), (3, 6), (5, 7)])
    lam, gamma = rng.standard_normal(3), 0.3
    tp, tl, tq = (torch.tensor(v, requires_grad=True) for v in (p, lam, q))
    h = torch.from_numpy(x) @ (torch.from_numpy(w0) + tp @ torch.diag(tl) @ tq).T
    np.testing.assert_allclose(forward(x, w0, p, lam, q), h.detach().numpy(), atol=1e-12)
    eye = torch.eye(3, dtype=torch.float64)
    reg = ((tp.T @ tp - eye) ** 2).sum() + ((tq @ tq.T - eye) ** 2).sum()
    assert penalty(p, q) == pytest.approx(float(reg.detach()), rel=1e-12)
    ((h * torch.from_numpy(grad)).sum() + gamma * reg).backward()
    got = backward(x, p, lam, q, grad, gamma)
    for mine, want in zip(got[:3], (tp.grad, tl.grad, tq.grad), strict=True):
        np.testing.assert_allclose(mine, want.numpy(), atol=1e-10)
    plain = backward(x, p, lam, q, grad, 0.0)
    np.testing.assert_allclose(got[3], plain[0], atol=1e-12)
    np.testing.assert_allclose(got[4], plain[2], atol=1e-12)


def test_penalty_is_zero_only_for_orthogonal_factors() -> None:
    q = np.linalg.qr(np.random.default_rng(1).standard_normal((6, 3)))[0]
    assert penalty(q, q.T) < 1e-25
    assert penalty(2 * q, q.T) == pytest.approx(27)  # three diagonal entries 4 − 1


def test_sensitivity_is_the_first_order_change_of_the_loss() -> None:
    """Page: |w·∂L/∂w| is exact for a loss linear in w."""
    w, slope = np.array([2.0, -3.0]), np.array([0.5, 1.0])
    smooth = Smooth(0.0, 0.0)
    smooth.score(w, slope)
    np.testing.assert_allclose(smooth.mean, np.abs([2 * 0.5, -3 * 1.0]))


def test_smoothing_by_hand() -> None:
    """Page: sensitivities 1, then 3: Ī = 0.15, 0.5775; Ū = 0.1275, 0.47175; scores 0.019 and 0.272."""
    smooth = Smooth()
    first = smooth.score(np.array(1.0), np.array(1.0))
    assert (round(float(smooth.mean), 4), round(float(smooth.spread), 4)) == (0.15, 0.1275)
    second = smooth.score(np.array(1.0), np.array(3.0))
    assert (round(float(smooth.mean), 4), round(float(smooth.spread), 4)) == (0.5775, 0.4718)
    assert (round(float(first), 3), round(float(second), 3)) == (0.019, 0.272)


def test_triplet_takes_its_own_column_and_row() -> None:
    """Page: means over column i and row i, not over the matrices."""
    s_p, s_q = np.array([[1.0, 10.0], [3.0, 10.0]]), np.array([[2.0, 4.0, 6.0], [0.0, 0.0, 0.0]])
    np.testing.assert_allclose(triplet_scores(s_p, np.array([0.5, 0.0]), s_q), [0.5 + 2 + 4, 10])


def test_budget() -> None:
    """Page: 12 → 8 a matrix (1.5 times) over 1000 steps, 100 of warm-up, 300 at the end; never rises."""
    curve = [budget(t, 1000, 100, 300, 12, 8) for t in range(1001)]
    assert curve[0] == curve[99] == curve[100] == 12
    assert curve[400] == pytest.approx(8.5)
    assert curve[250] == pytest.approx(8 + 4 * 0.75**3)
    assert round(curve[250], 2) == 9.69
    assert curve[700] == curve[1000] == 8
    assert all(b <= a for a, b in pairwise(curve))


def test_orthogonal_triplets_are_independent() -> None:
    """Page: with R = 0, dropping a triplet takes exactly λ² from the squared norm of PΛQ."""
    rng = np.random.default_rng(3)
    p, q = np.linalg.qr(rng.standard_normal((7, 3)))[0], np.linalg.qr(rng.standard_normal((6, 3)))[0].T
    lam = np.array([3.0, 2.0, 1.0])
    whole, less = ((p * v) @ q for v in (lam, lam * [1, 0, 1]))
    assert np.linalg.norm(whole) ** 2 - np.linalg.norm(less) ** 2 == pytest.approx(4)


def test_keep_compares_over_all_matrices() -> None:
    masks = keep([np.array([5.0, 1.0]), np.array([4.0, 3.0])], 3)
    assert [m.tolist() for m in masks] == [[True, False], [True, True]]


def test_scores_are_zero_at_the_start_and_after_pruning() -> None:
    """Page: with Λ = 0 no entry of P or Q has a gradient and λ·g = 0, so sensitivity tells nothing."""
    rng = np.random.default_rng(2)
    x, p, q, grad = (rng.standard_normal(s) for s in [(5, 6), (7, 3), (3, 6), (5, 7)])
    _, g_lam, _, l_p, l_q = backward(x, p, np.zeros(3), q, grad, 0.1)
    assert not np.any(l_p)
    assert not np.any(l_q)
    assert np.all(g_lam != 0)


def test_budget_goes_where_the_rank_is() -> None:
    """Page and figure: 6, 2, 0 with a budget of 8 is found for three seeds; 6, 3, 1 is found, and missed once."""
    first = [ranks[0] for ranks in train((6, 2, 0), 6, 8)[0]]
    assert min(first) == 5  # pruned for a moment, and back
    for seed in range(3):
        history, loss = train((6, 2, 0), 6, 8, seed=seed)
        assert history[0] == [6, 6, 6]
        assert history[-1] == [6, 2, 0]
        assert loss < 0.1
    assert train((6, 3, 1), 6, 10, steps=300, lr=0.02)[0][-1] == [6, 3, 1]
    missed = train((6, 3, 1), 6, 10, steps=300, lr=0.02, seed=1, width=16)[0][-1]
    assert missed == [5, 4, 1]
