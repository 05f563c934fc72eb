"""Balancing against autograd, and the simulations: docs/moe/moe-aux-loss.md, aux-loss-free-balancing.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.moe.balance import Run, aux_loss, choose, load, max_violation, simulate, tokens, update_bias
from labs.moe.device_losses import balance_losses
from labs.moe.group_limited import kept_score
from labs.moe.layer import top_k
from labs.moe.z_loss import log_sum_exp, rounding_error, shrink, z_loss
from labs.transformer.ffn import sigmoid

RUNS: dict[str, Run] = {}


def run(how: str, value: float = 1e-3) -> Run:
    """A simulation, once: `value` is α for "aux" and γ for "bias"."""
    key = f"{how} {value}"
    if key not in RUNS:
        RUNS[key] = simulate(how, gamma=value, alpha=value)
    return RUNS[key]


def settled(r: Run) -> float:
    """MaxVio of the mean load of the last 100 steps."""
    return max_violation(r.loads[-100:].mean(axis=0))


@pytest.mark.parametrize("k", [1, 2])
def test_aux_loss_and_gradient_equal_autograd(k: int) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    logits = np.random.default_rng(0).standard_normal((20, 6))
    t = torch.from_numpy(logits).requires_grad_()
    p = torch.softmax(t, -1)
    f = torch.nn.functional.one_hot(torch.topk(p, k).indices, 6).double().sum((0, 1)) / (20 * k)
    want = 0.01 * 6 * (f.detach() * p.mean(0)).sum()
    want.backward()
    loss, grad = aux_loss(logits, k)
    assert loss == pytest.approx(want.item(), abs=1e-12)
    np.testing.assert_allclose(grad, t.grad.numpy(), atol=1e-12)


def test_values_of_the_aux_loss() -> None:
    """Page: α when even, 7.44 α when all eight experts' tokens go to one with p = 0.93, 0.94 α below even."""
    even = np.log(np.full((8, 8), 0.2 / 7) + np.eye(8) * (0.8 - 0.2 / 7))
    assert aux_loss(even, 1, 1.0)[0] == pytest.approx(1)
    collapsed = np.tile(np.log(np.r_[0.93, np.full(7, 0.01)]), (8, 1))
    assert aux_loss(collapsed, 1, 1.0)[0] == pytest.approx(7.44)
    below = np.log(np.array([[0.51, 0.49]] * 6 + [[0.1, 0.9]] * 4))
    np.testing.assert_allclose(load(below, 1), [0.6, 0.4])
    assert aux_loss(below, 1, 1.0)[0] == pytest.approx(0.9384)


def test_bias_moves_selection_only() -> None:
    rng = np.random.default_rng(0)
    scores, bias = sigmoid(rng.standard_normal((50, 6))), rng.standard_normal(6)
    ids, weights = choose(scores, bias, 2)
    for t in range(50):
        want = np.argsort(-(scores[t] + bias))[:2]
        assert set(ids[t]) == set(want)
        np.testing.assert_allclose(weights[t], scores[t][ids[t]] / scores[t][ids[t]].sum())
    np.testing.assert_allclose(update_bias(np.zeros(3), np.array([0.5, 0.3, 0.2]), 0.1), [-0.1, 0.1, 0.1])


def test_simulated_loads() -> None:
    """Pages: MaxVio without balancing, with three α, with the bias; how far the router moved."""
    none, bias = run("none"), run("bias")
    assert round(settled(none), 2) == 1.46
    assert [round(100 * v, 1) for v in none.loads[-100:].mean(axis=0)[[0, -1]]] == [30.7, 0.6]
    moved = []
    for alpha, vio in ((1e-3, 1.2), (1e-2, 0.45), (1e-1, 0.06)):
        r = run("aux", alpha)
        assert round(settled(r), 2) == vio
        moved.append(round(100 * np.linalg.norm(r.after - r.before) / np.linalg.norm(r.before)))
    assert moved == [8, 32, 46]
    assert round(settled(bias), 2) == 0.01
    np.testing.assert_array_equal(bias.after, bias.before)
    assert (round(bias.bias.min(), 2), round(bias.bias.max(), 2)) == (-0.22, 0.24)


def test_update_rate_of_the_bias() -> None:
    """Page: too slow at 1e-4, settled at 1e-3, swinging at 1e-1 (MaxVio of single steps)."""
    single = [np.mean([max_violation(f) for f in run("bias", g).loads[-100:]]) for g in (1e-4, 1e-3, 1e-2, 1e-1)]
    assert [round(float(v), 2) for v in single] == [1.12, 0.17, 0.21, 0.66]


def test_both_ways_cost_affinity() -> None:
    """Page: in the scores of the router at the start, both balanced choices keep about 92%."""
    x = tokens(4096, 16, np.random.default_rng(5))
    scores = sigmoid(x @ run("none").before)
    by_bias = choose(scores, run("bias").bias, 2)[0]
    by_aux = top_k(x @ run("aux", 1e-1).after, 2)
    assert [round(100 * kept_score(scores, ids)) for ids in (by_bias, by_aux)] == [92, 92]


def test_device_losses_equal_torch_and_page() -> None:
    """Page: the three routings of the table."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    p, ids = rng.dirichlet(np.ones(6), 40), np.array([rng.permutation(6)[:2] for _ in range(40)])
    one_hot = torch.nn.functional.one_hot(torch.from_numpy(ids), 6).sum(1).double()
    f, mean_p = 6 / (2 * 40) * one_hot.sum(0), torch.from_numpy(p).mean(0)
    groups = one_hot.reshape(40, 3, 2)
    want = (
        (f * mean_p).sum(),
        (f.reshape(3, 2).mean(1) * mean_p.reshape(3, 2).sum(1)).sum(),
        (3 / (2 * 40) * (groups.sum(-1) > 0).sum(0) * mean_p.reshape(3, 2).sum(1)).sum(),
    )
    np.testing.assert_allclose(balance_losses(p, ids, 3, 2), [w.item() for w in want], atol=1e-12)

    def three(*pairs: tuple[int, int]) -> list[float]:
        ids = np.repeat(np.array(pairs), 100, axis=0)
        p = np.full((len(ids), 6), 0.02)
        np.put_along_axis(p, ids, 0.46, axis=-1)
        return [round(v, 2) for v in balance_losses(p, ids, 3, 2)]

    assert three((0, 2), (3, 4), (5, 1)) == [1, 1, 1]
    assert three((0, 2), (2, 4), (4, 0)) == [1.88, 1, 1]
    assert three((0, 1), (2, 4), (3, 5)) == [1, 1, 0.83]
    assert three((0, 2)) == [2.76, 1.44, 1.44]


def test_z_loss_and_gradient_equal_autograd() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    logits = 3 * np.random.default_rng(0).standard_normal((20, 6))
    t = torch.from_numpy(logits).requires_grad_()
    want = (torch.logsumexp(t, -1) ** 2).mean()
    want.backward()
    loss, grad = z_loss(logits)
    assert loss == pytest.approx(want.item(), abs=1e-10)
    np.testing.assert_allclose(grad, t.grad.numpy(), atol=1e-12)


def test_numbers_of_the_z_loss() -> None:
    """Page moe-aux-loss: BF16 swallows half a unit at 128; gradient descent brings log-sum-exp to 0."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    big = np.array([[128.0, 128.5]])
    assert torch.from_numpy(big).bfloat16().tolist() == [[128.0, 128.0]]
    assert round(rounding_error(big), 3) == 0.122  # 0.378 / 0.622 become 0.5 / 0.5
    assert rounding_error(big - 128) == 0
    assert z_loss(np.zeros((1, 8)))[0] == pytest.approx(np.log(8) ** 2)
    logits = 10 * np.random.default_rng(0).standard_normal((64, 8))
    small = shrink(logits, 200, 0.05)
    assert (round(z_loss(logits)[0]), round(z_loss(small)[0], 2)) == (232, 0.03)
    assert [round(float(np.abs(log_sum_exp(v)).max()), 1) for v in (logits, small)] == [30.7, 0.6]
    assert [round(100 * rounding_error(v), 1) for v in (logits, small)] == [1.3, 0.1]
