"""Collapse, identity experts, multi-task: docs/moe/why-moe-hard-to-train.md, zero-computation-experts.md, mmoe.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.moe.collapse import gradients, train
from labs.moe.layer import make_experts
from labs.moe.multi_task import cgc, mmoe
from labs.moe.zero_experts import control, moe_with_identity, simulate


def test_gradients_equal_autograd() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    x, target, w, m = (rng.standard_normal(s) for s in [(30, 5), (30, 3), (5, 4), (4, 5, 3)])
    tw, tm = (torch.from_numpy(a).requires_grad_() for a in (w, m))
    tx = torch.from_numpy(x)
    p = torch.softmax(tx @ tw, -1)
    value, index = p.max(-1)
    y = value[:, None] * torch.einsum("td,tdo->to", tx, tm[index])
    task = ((y - torch.from_numpy(target)) ** 2).sum(-1).mean()
    f = torch.nn.functional.one_hot(index, 4).double().mean(0)
    (task + 0.5 * 4 * (f * p.mean(0)).sum()).backward()
    loss, g_w, g_m, load = gradients(x, target, w, m, 0.5)
    assert loss == pytest.approx(task.item(), abs=1e-10)
    np.testing.assert_allclose(g_w, tw.grad.numpy(), atol=1e-10)
    np.testing.assert_allclose(g_m, tm.grad.numpy(), atol=1e-10)
    np.testing.assert_allclose(load, f.numpy())


def test_collapse_without_balancing() -> None:
    """Page: experts with more than 1% of the tokens at the start and at the end, and the final losses, of seed 0."""
    (loss, load), (even_loss, even_load) = train(0.0), train(3.0)
    assert (load[0] > 0.01).sum() == 7
    assert round(loss[0], 1) == 9.4
    assert (load[-50:].mean(axis=0) > 0.01).sum() == 4
    assert round(100 * load[-50:].mean(axis=0).max()) == 51
    assert (even_load[-50:].mean(axis=0) > 0.01).sum() == 8
    assert [round(v[-50:].mean(), 2) for v in (loss, even_loss)] == [0.64, 0.59]


def test_identity_experts_against_a_loop() -> None:
    rng = np.random.default_rng(0)
    x, p, experts = rng.standard_normal((10, 6)), rng.dirichlet(np.ones(7), 10), make_experts(4, 6, 5, rng)
    bias = 0.2 * rng.standard_normal(7)
    y, real = moe_with_identity(x, p, bias, experts, 3)
    for t in range(10):
        want, n = np.zeros(6), 0
        for i in np.argsort(-(p[t] + bias))[:3]:
            want += p[t, i] * (experts(int(i), x[t : t + 1])[0] if i < 4 else x[t])
            n += i < 4
        np.testing.assert_allclose(y[t], want, atol=1e-10)
        assert real[t] == n


def test_control_reaches_the_target() -> None:
    """Page: mean number of real experts before and after, and the difference of easy and hard tokens."""
    bias = control(np.zeros(3), np.array([[0, 2], [0, 1]]), 2, 2, 1.0, 1.0)
    np.testing.assert_allclose(bias, [1 / 4 - 2 / 4, 1 / 4 - 1 / 4, 0])
    run = simulate()
    assert [round(v, 1) for v in run[0]] == [1.6, 4.0]
    last = run[-50:].mean(axis=0)
    assert last.mean() == pytest.approx(4, abs=0.05)
    assert [round(v, 1) for v in last] == [3.0, 5.0]


def test_multi_task_gates_against_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    x, shared, own = rng.standard_normal((9, 5)), rng.standard_normal((3, 5, 4)), rng.standard_normal((2, 2, 5, 4))
    t = torch.from_numpy
    gates = rng.standard_normal((2, 5, 3))
    for k, got in enumerate(mmoe(x, shared, gates)):
        g = torch.softmax(t(x) @ t(gates[k]), -1)
        want = sum(g[:, i, None] * torch.relu(t(x) @ t(shared[i])) for i in range(3))
        np.testing.assert_allclose(got, want.numpy(), atol=1e-10)
    gates = rng.standard_normal((2, 5, 5))
    outputs, weights = cgc(x, shared, own, gates)
    for k in range(2):
        g = torch.softmax(t(x) @ t(gates[k]), -1)
        visible = [*own[k], *shared]
        want = sum(g[:, i, None] * torch.relu(t(x) @ t(visible[i])) for i in range(5))
        np.testing.assert_allclose(outputs[k], want.numpy(), atol=1e-10)
        np.testing.assert_allclose(weights[k], g.numpy(), atol=1e-12)


def test_task_gates_differ_and_degenerate() -> None:
    """Page mmoe: mean weight on the shared experts, and what is left after the gate's bias grows by 3."""
    rng = np.random.default_rng(0)
    x = np.c_[np.ones(500), rng.standard_normal((500, 7))]  # (B, d) with a constant
    shared, own = rng.standard_normal((2, 8, 4)), rng.standard_normal((2, 2, 8, 4))
    gates = 0.3 * rng.standard_normal((2, 8, 4))
    gates[:, 0] = 0
    before = cgc(x, shared, own, gates)[1][:, :, 2:].sum(axis=-1).mean()
    gates[:, 0, :2] = 3  # both own experts of each task
    after = cgc(x, shared, own, gates)[1][:, :, 2:].sum(axis=-1).mean()
    assert [round(100 * v) for v in (before, after)] == [51, 6]
