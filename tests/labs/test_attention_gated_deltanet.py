"""The gated delta rule against equation (10) as printed, its parallel form, and what it becomes in the
limits.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from scipy.linalg import solve_triangular

from labs.attention.gated_deltanet import parallel, recurrent, write
from labs.attention.long_context_cost import kv_bytes

Array = npt.NDArray[np.float64]


def inputs(n: int = 18) -> tuple[Array, Array, Array, Array, Array]:
    rng = np.random.default_rng(0)
    q, k = rng.standard_normal((2, n, 6))
    k /= np.linalg.norm(k, axis=1, keepdims=True)
    return q, k, rng.standard_normal((n, 4)), rng.uniform(0.7, 1.0, n), rng.uniform(0, 1, n)


def test_recurrence_is_equation_ten() -> None:
    q, k, v, alpha, beta = inputs()
    s = np.zeros((4, 6))
    got, state = recurrent(q, k, v, alpha, beta)
    for t in range(18):
        s = s @ (alpha[t] * (np.eye(6) - beta[t] * np.outer(k[t], k[t]))) + beta[t] * np.outer(v[t], k[t])
        assert np.allclose(got[t], s @ q[t], atol=1e-12)
    assert np.allclose(state, s, atol=1e-12)


def test_update_is_a_gradient_step_by_autograd() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    _, k, v, _, _ = inputs()
    s = torch.tensor(np.random.default_rng(1).standard_normal((4, 6)), requires_grad=True)
    ((s @ torch.from_numpy(k[0]) - torch.from_numpy(v[0])) ** 2).sum().div(2).backward()
    want = (s - 0.3 * s.grad).detach().numpy()
    assert np.allclose(write(s.detach().numpy(), k[0], v[0], 1.0, 0.3), want, atol=1e-12)


def test_parallel_equals_recurrent_and_appendix_a() -> None:
    q, k, v, alpha, beta = inputs()
    got = parallel(q, k, v, alpha, beta)
    assert np.allclose(got, recurrent(q, k, v, alpha, beta)[0], atol=1e-11)
    gamma = np.cumprod(alpha)
    ratio = np.tril(gamma[:, None] / gamma[None, :])
    system = np.eye(18) + np.tril(beta[:, None] * ratio * (k @ k.T), -1)
    u = solve_triangular(system, beta[:, None] * v, lower=True)
    assert np.allclose(got, (ratio * (q @ k.T)) @ u, atol=1e-11)


def test_strong_forgetting_does_not_overflow() -> None:
    q, k, v, _, beta = inputs()
    alpha = np.full(18, 1e-30)
    assert np.allclose(parallel(q, k, v, alpha, beta), recurrent(q, k, v, alpha, beta)[0], atol=1e-12)


def test_limits() -> None:
    """Page gated-deltanet: α = 1 is DeltaNet; with orthonormal keys and β = 1 it is linear attention."""
    q, k, v, _, beta = inputs()
    one = np.ones(18)
    s = np.zeros((4, 6))
    for t in range(18):  # DeltaNet: take out the old value, put in a mix of old and new
        old = s @ k[t]
        s = s - np.outer(old, k[t]) + np.outer(beta[t] * v[t] + (1 - beta[t]) * old, k[t])
    assert np.allclose(recurrent(q, k, v, one, beta)[1], s, atol=1e-12)
    ortho = np.linalg.qr(np.random.default_rng(2).standard_normal((6, 6)))[0]
    got, state = recurrent(q[:6], ortho, v[:6], one[:6], one[:6])
    assert np.allclose(state, v[:6].T @ ortho, atol=1e-12)
    assert np.allclose(got, np.tril(q[:6] @ ortho.T) @ v[:6], atol=1e-12)
    assert not np.allclose(recurrent(q, k, v, one, one)[1], v.T @ k, atol=0.1)
    assert np.array_equal(recurrent(q, k, v, one, 0 * one)[1], np.zeros((4, 6)))  # β = 0 writes nothing at all


def test_page_worked_example() -> None:
    """Page gated-deltanet: k1 → 3, k2 → 7, then k1 → 5."""
    k1, k2 = np.eye(2)
    added = 3 * k1 + 7 * k2 + 5 * k1
    assert added.tolist() == [8, 7]

    def run(last_alpha: float, last_beta: float) -> tuple[float, float]:
        s = np.zeros((1, 2))
        s = write(s, k1, np.array([3.0]), 1.0, 1.0)
        s = write(s, k2, np.array([7.0]), 1.0, 1.0)
        s = write(s, k1, np.array([5.0]), last_alpha, last_beta)
        return float((s @ k1)[0]), float((s @ k2)[0])

    assert run(1.0, 1.0) == (5.0, 7.0)
    assert run(1.0, 0.5) == (4.0, 7.0)
    assert run(0.5, 1.0) == (5.0, 3.5)


def test_page_long_keys_diverge() -> None:
    """Page gated-deltanet: along k the old content is multiplied by 1 - β|k|², so that |k| = 2, β = 1 gives
    -3.
    """
    s = np.array([[1.0, 0.0]])
    assert (write(s, np.array([2.0, 0.0]), np.zeros(1), 1.0, 1.0)[0] == [-3.0, 0.0]).all()
    assert (write(s, np.array([1.0, 0.0]), np.zeros(1), 1.0, 1.0)[0] == [0.0, 0.0]).all()


def test_page_qwen3_next_numbers() -> None:
    """Page gated-deltanet: 48 layers, every fourth full; 32 heads of 128 x 128 against 2 KV heads of 256."""
    layers = ["full" if (i + 1) % 4 == 0 else "linear" for i in range(48)]
    assert (layers.count("linear"), layers.count("full")) == (36, 12)
    assert layers[-1] == "full"
    state = 32 * 128 * 128
    per_token = 2 * 2 * 256
    assert state == 524_288 and per_token == 1024
    assert state // per_token == 512
    n = 262_144
    assert n // 512 == 512
    assert kv_bytes(n, 12, 2, 256) == 6 * 2**30
    assert kv_bytes(n, 48, 2, 256) == 24 * 2**30
    assert 36 * state * 2 == 36 * 2**20
