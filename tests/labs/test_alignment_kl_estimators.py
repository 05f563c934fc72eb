"""KL estimators by summation, SciPy quadrature and autograd; the numbers of docs/alignment/kl-penalty.md."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from labs.alignment.kl_estimators import (
    ESTIMATORS,
    Array,
    as_loss,
    as_reward,
    forward_kl_grad,
    kl,
    moments,
    reverse_kl_grad,
)

PI, REF = np.array([0.5, 0.3, 0.15, 0.05]), np.array([0.4, 0.3, 0.2, 0.1])
Z = np.log(PI)
NAMES = list(ESTIMATORS)


def test_table_of_moments() -> None:
    """Page: mean and deviation of one sample, KL = 0.0338."""
    assert round(kl(PI, REF), 4) == 0.0338
    got = {name: tuple(round(x, 4) for x in moments(name, PI, REF)) for name in NAMES}
    assert got == {"k1": (0.0338, 0.2453), "k2": (0.0307, 0.0501), "k3": (0.0338, 0.0644)}


def test_k3_is_not_always_the_quiet_one() -> None:
    """Page: where π has left what the reference likes."""
    pi, ref = np.array([0.98, 0.01, 0.01]), np.array([0.4, 0.5, 0.1])
    assert round(kl(pi, ref), 3) == 0.816
    assert [round(moments(name, pi, ref)[1], 2) for name in NAMES] == [0.57, 0.75, 4.49]
    assert round(moments("k2", pi, ref)[0], 3) == 0.496


@pytest.mark.parametrize(
    ("shift", "want"),
    [
        (0.1, {"k1": (0, 20), "k2": (0.002, 1.42), "k3": (0, 1.42)}),
        (1.0, {"k1": (0, 2), "k2": (0.25, 1.73), "k3": (0, 1.7)}),
    ],
)
def test_two_gaussians_of_the_blog(shift: float, want: dict[str, tuple[float, float]]) -> None:
    """Page: bias and deviation over the true KL, for N(0,1) against N(shift,1)."""
    true = shift**2 / 2
    for name, k in ESTIMATORS.items():

        def moment(power: int, k: object = k) -> float:
            def f(x: float) -> float:
                value: Array = k(norm.logpdf(x), norm.logpdf(x, shift))  # type: ignore[operator]
                return float(value**power * norm.pdf(x))

            return float(quad(f, -12, 12, epsabs=1e-13)[0])

        mean = moment(1)
        bias, std = (mean - true) / true, np.sqrt(moment(2) - mean**2) / true
        assert bias == pytest.approx(want[name][0], abs=2e-3)
        assert std == pytest.approx(want[name][1], abs=0.01)


@pytest.mark.parametrize("name", NAMES)
def test_gradients_are_autograd(name: str) -> None:
    """The expectation over samples is a sum; sampling itself is not differentiated."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    z, ref = torch.tensor(Z, requires_grad=True), torch.tensor(REF)
    logp = torch.log_softmax(z, -1)
    d = logp - ref.log()
    k = {"k1": d, "k2": 0.5 * d**2, "k3": torch.exp(-d) - 1 + d}[name]
    pi = torch.exp(logp).detach()
    (g_loss,) = torch.autograd.grad((pi * k).sum(), z, retain_graph=True)
    np.testing.assert_allclose(as_loss(name, Z, REF), g_loss.numpy(), atol=1e-12)
    (g_reward,) = torch.autograd.grad((pi * k.detach() * logp).sum(), z)
    np.testing.assert_allclose(as_reward(name, Z, REF), g_reward.numpy(), atol=1e-12)


def test_true_gradients_are_autograd() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    for mine, forward in [(reverse_kl_grad, False), (forward_kl_grad, True)]:
        z, ref = torch.tensor(Z, requires_grad=True), torch.tensor(REF)
        logp = torch.log_softmax(z, -1)
        loss = (ref * (ref.log() - logp)).sum() if forward else (logp.exp() * (logp - ref.log())).sum()
        loss.backward()
        np.testing.assert_allclose(mine(Z, REF), z.grad.numpy(), atol=1e-12)


def test_which_gradient_each_gives() -> None:
    """Page: the table of six combinations."""
    reverse, forward = reverse_kl_grad(Z, REF), forward_kl_grad(Z, REF)
    np.testing.assert_allclose(as_loss("k1", Z, REF), 0, atol=1e-12)
    np.testing.assert_allclose(as_loss("k2", Z, REF), reverse, atol=1e-12)
    np.testing.assert_allclose(as_loss("k3", Z, REF), forward, atol=1e-12)
    np.testing.assert_allclose(as_reward("k1", Z, REF), reverse, atol=1e-12)
    np.testing.assert_allclose(as_reward("k3", Z, REF), reverse - forward, atol=1e-12)
    assert np.abs(as_reward("k2", Z, REF) - reverse).max() > 0.05
    assert np.abs(as_reward("k3", Z, REF)).max().round(3) == 0.014  # nearly cancels
    np.testing.assert_allclose(reverse.round(3), [0.095, -0.010, -0.048, -0.036])
    np.testing.assert_allclose(forward.round(3), [0.1, 0, -0.05, -0.05], atol=1e-12)


@pytest.mark.parametrize("name", ["k1", "k3"])
def test_old_samples_need_the_ratio(name: str) -> None:
    """Page: with samples from π_old, ρ·k has the right value and, ρ differentiated too, the right gradient."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    old = np.array([0.25, 0.25, 0.25, 0.25])
    z, ref, behaviour = torch.tensor(Z, requires_grad=True), torch.tensor(REF), torch.tensor(old)
    logp = torch.log_softmax(z, -1)
    d = logp - ref.log()
    k = d if name == "k1" else torch.exp(-d) - 1 + d
    loss = (behaviour * (logp.exp() / behaviour) * k).sum()
    assert loss.item() == pytest.approx(kl(PI, REF), abs=1e-12)
    loss.backward()
    np.testing.assert_allclose(z.grad.numpy(), reverse_kl_grad(Z, REF), atol=1e-12)
    assert abs(moments(name, PI, REF, old)[0] - kl(PI, REF)) > 0.02  # without the ratio
