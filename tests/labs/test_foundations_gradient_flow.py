"""Gradients of deep chains against autograd, and the numbers of docs/foundations/vanishing-gradient.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.foundations.gradient_flow import (
    ACTIVATIONS,
    clip_by_norm,
    gradients,
    norms,
    output_gradients,
    sigmoid,
    spectral_bound,
    weights,
)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
@pytest.mark.parametrize("branch", [None, 0.3])
def test_gradients_match_autograd(activation: str, branch: float | None) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    w, x, grad = weights(rng, 6, 10, 1.5), rng.normal(size=10), rng.normal(size=10)
    phi = getattr(torch, activation)
    states = [torch.from_numpy(x).requires_grad_()]
    for w_l in torch.from_numpy(w):
        y = phi(w_l @ states[-1])
        states.append(y if branch is None else states[-1] + branch * y)
        states[-1].retain_grad()
    states[-1].backward(torch.from_numpy(grad))
    want = np.stack([s.grad.numpy() for s in states])
    np.testing.assert_allclose(gradients(w, x, grad, activation, branch), want, rtol=1e-10, atol=1e-12)


def test_largest_slopes() -> None:
    """Page: 1/4 for sigmoid at 0, 1 for tanh and ReLU; 0.25^10 and 0.25^50."""
    z = np.linspace(-8, 8, 1601)
    slopes = {name: d(z) for name, (_, d) in ACTIVATIONS.items()}
    assert slopes["sigmoid"].max() == 0.25
    assert z[slopes["sigmoid"].argmax()] == pytest.approx(0)
    assert slopes["tanh"].max() == 1
    assert slopes["relu"].max() == 1
    assert f"{0.25**10:.1e}" == "9.5e-07"
    assert f"{0.25**50:.1e}" == "7.9e-31"
    assert f"{ACTIVATIONS['sigmoid'][1](np.array([5.0]))[0]:.4f}" == "0.0066"


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_no_gradient_exceeds_the_spectral_bound(activation: str) -> None:
    rng = np.random.default_rng(1)
    slope = 0.25 if activation == "sigmoid" else 1.0
    w, x, grad = weights(rng, 8, 16, 2.0), rng.normal(size=16), rng.normal(size=16)
    size = np.linalg.norm(gradients(w, x, grad, activation), axis=1)
    assert size[0] <= spectral_bound(w, slope) * size[-1]


def test_page_table() -> None:
    """Page: gradient norm at the input relative to the output, 50 layers of width 128."""
    wanted = {
        ("sigmoid", 1.0, None): "3.5e-32",
        ("sigmoid", 4.0, None): "3.6e-11",
        ("tanh", 1.0, None): "7.0e-02",
        ("relu", 1.0, None): "1.4e-08",
        ("relu", 2**0.5, None): "4.8e-01",
        ("relu", 2.0, None): "1.6e+07",
        ("relu", 2**0.5, 1.0): "4.4e+09",
        ("relu", 2**0.5, 50**-0.5): "1.5e+00",
    }
    for (activation, gain, branch), number in wanted.items():
        assert f"{norms(activation, gain, branch)[0]:.1e}" == number
    # Page: with gain 4, the average slope is what is left of a layer's factor
    assert f"{norms('sigmoid', 4.0)[0] ** (1 / 50) / 4:.2f}" == "0.15"
    # Page: the plain ReLU chains follow (gain²/2)^25
    assert f"{0.5**25:.1e}" == "3.0e-08"
    assert f"{2.0**25:.1e}" == "3.4e+07"


def test_large_singular_values_do_not_suffice_for_explosion() -> None:
    """Page: every matrix has a largest singular value above 1.9 (He: above 2.7), yet the gradient does not grow."""
    for gain, activation, least in ((1.0, "tanh", 1.9), (2**0.5, "relu", 2.7)):
        w = weights(np.random.default_rng(0), 50, 128, gain)
        assert min(float(np.linalg.norm(w_l, 2)) for w_l in w) > least
        assert norms(activation, gain)[0] < 1


def test_residual_gradient_grows_by_the_derived_factor() -> None:
    """Page: with branch weight β, the squared norm grows by about 1 + β² a layer (He weights)."""
    assert norms("relu", 2**0.5, 50**-0.5)[0] == pytest.approx((1 + 1 / 50) ** 25, rel=0.2)
    assert f"{(1 + 1 / 50) ** 25:.2f}" == "1.64"


def test_positive_inputs_tie_the_signs_of_a_row() -> None:
    """Page: ∂L/∂W = δ hᵀ, so after a sigmoid every weight of one unit moves in the same direction."""
    rng = np.random.default_rng(2)
    h, delta = sigmoid(rng.normal(size=6)), rng.normal(size=4)
    signs = np.sign(np.outer(delta, h))  # (4, 6)
    assert (signs == signs[:, :1]).all()
    centred = np.sign(np.outer(delta, np.tanh(rng.normal(size=6))))
    assert not (centred == centred[:, :1]).all()


def test_output_sigmoid_keeps_its_gradient_with_cross_entropy() -> None:
    """Page: z = -6, y = 1: p = 0.0025, squared error -0.0025, cross-entropy -0.998."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    squared, crossed = output_gradients(-6, 1)
    assert f"{squared:.4f} {crossed:.3f}" == "-0.0025 -0.998"
    z = torch.tensor(-6.0, dtype=torch.float64, requires_grad=True)
    one = torch.ones((), dtype=torch.float64)
    (grad,) = torch.autograd.grad(torch.nn.functional.binary_cross_entropy_with_logits(z, one), z)
    assert crossed == pytest.approx(float(grad), abs=1e-12)
    (grad,) = torch.autograd.grad((z.sigmoid() - 1) ** 2 / 2, z)
    assert squared == pytest.approx(float(grad), abs=1e-12)


def test_clipping_matches_torch() -> None:
    """Page: (3, 4) with limit 1 becomes (0.6, 0.8): the direction stays."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(3)
    grads = [rng.normal(size=s) for s in ((4, 3), (5,))]
    for limit in (0.5, 100.0):
        params = [torch.zeros(g.shape, dtype=torch.float64, requires_grad=True) for g in grads]
        for p, g in zip(params, grads, strict=True):
            p.grad = torch.from_numpy(g.copy())
        total = torch.nn.utils.clip_grad_norm_(params, limit)
        clipped, norm = clip_by_norm(grads, limit)
        assert norm == pytest.approx(float(total), abs=1e-12)
        for p, g in zip(params, clipped, strict=True):
            np.testing.assert_allclose(g, p.grad.numpy(), rtol=2e-6)  # torch divides by norm + 1e-6
    np.testing.assert_allclose(clip_by_norm([np.array([3.0, 4.0])], 1.0)[0][0], [0.6, 0.8], atol=1e-15)
