"""Gradients of Pre-LN, Post-LN and DeepNorm stacks: docs/transformer/pre-ln.md."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from labs.transformer.gradient_scale import Array, first_update, measure
from labs.transformer.pre_post_ln import backward, constants, forward, initial, norm, norm_backward


@cache
def norms(kind: str, layers: int) -> tuple[Array, Array]:
    """`measure` with the page's setting (d = 64, n = 16, 8 stacks), once per run."""
    return measure(kind, layers)


@pytest.mark.parametrize("kind", ["pre", "post", "deepnorm"])
def test_every_gradient_equals_torch(kind: str) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    weights, x, g = initial(rng, kind, 3, 8), rng.standard_normal((5, 8)), rng.standard_normal((5, 8))
    y, saved, trunk = forward(x, weights, kind)
    ours = backward(g, weights, kind, saved, trunk)

    def ln(z: Any) -> Any:
        return torch.nn.functional.layer_norm(z, (8,), eps=0.0)

    tw = [tuple(torch.from_numpy(w).requires_grad_() for w in ws) for ws in weights]
    h, alpha = torch.from_numpy(x), constants(kind, 3)[0]
    for ws in tw:
        z = ln(h) if kind == "pre" else h
        if len(ws) == 2:
            f = torch.relu(z @ ws[0]) @ ws[1]
        else:
            s = (z @ ws[0] @ z.T / 8**0.5).masked_fill(~torch.ones(5, 5, dtype=torch.bool).tril(), -torch.inf)
            f = torch.softmax(s, dim=-1) @ z @ ws[1] @ ws[2]
        h = alpha * h + f
        h = h if kind == "pre" else ln(h)
    h = ln(h) if kind == "pre" else h
    np.testing.assert_allclose(y, h.detach().numpy(), atol=1e-10)
    h.backward(torch.from_numpy(g))
    for a, b in zip(ours, tw, strict=True):
        for p, q in zip(a, b, strict=True):
            np.testing.assert_allclose(p, q.grad.numpy(), atol=1e-9)


def test_jacobian_of_the_norm() -> None:
    """Page: J = (I - 11ᵀ/d - yyᵀ/d)/σ; both directions are lost, the rest is divided by σ."""
    x = np.random.default_rng(0).normal(1.0, 3.0, (1, 6))
    y, std = norm(x)
    jacobian = (np.eye(6) - np.ones((6, 6)) / 6 - y.T @ y / 6) / std
    numeric = np.stack([(norm(x + 1e-6 * e)[0] - norm(x - 1e-6 * e)[0])[0] / 2e-6 for e in np.eye(6)], axis=1)
    np.testing.assert_allclose(jacobian, numeric, atol=1e-8)
    np.testing.assert_allclose(norm_backward(np.ones((1, 6)), y, std), 0, atol=1e-12)
    np.testing.assert_allclose(norm_backward(y, y, std), 0, atol=1e-12)
    assert np.linalg.norm(jacobian, 2) == pytest.approx(1 / float(std[0, 0]))


def test_last_layer() -> None:
    """Page, table: last layer's norm at L = 6, 12, 24; Post-LN does not depend on L, Pre-LN falls."""
    last = {kind: [round(float(norms(kind, layers)[0][-1]), 1) for layers in (6, 12, 24)] for kind in ("pre", "post")}
    assert last == {"pre": [3.1, 2.0, 1.4], "post": [6.3, 6.0, 5.8]}
    assert [round(float(norms("deepnorm", n)[0][-1]), 1) for n in (6, 12, 24)] == [1.5, 1.0, 0.7]
    assert [round(float(norms("pre", n)[1][-1]), 0) for n in (6, 12, 24)] == [6, 13, 23]
    assert [round(float(norms("post", n)[1][-1]), 1) for n in (6, 12, 24)] == [1.4, 1.3, 1.3]


def test_first_layer() -> None:
    """Page, table: first layer's norm; Pre-LN's first layers have the larger gradients."""
    first = {kind: [round(float(norms(kind, layers)[0][0]), 1) for layers in (6, 12, 24)] for kind in ("pre", "post")}
    assert first == {"pre": [6.4, 6.7, 5.7], "post": [8.2, 6.9, 7.0]}


@pytest.mark.parametrize("layers", [6, 12, 24])
def test_formula(layers: int) -> None:
    """Page: √(0.8 d)/σ gives every layer of Pre-LN within 20 %, and the last of Post-LN within 8 %."""
    pre, trunk = norms("pre", layers)
    np.testing.assert_allclose(pre, np.sqrt(0.8 * 64 / trunk), rtol=0.2)
    post, trunk = norms("post", layers)
    assert post[-1] == pytest.approx(np.sqrt(0.8 * 64 / trunk[-1]), rel=0.08)


def test_post_ln_stays_within_a_factor_of_two() -> None:
    """Page: no decay towards the input at 24 layers: all norms between 5.8 and 9.8."""
    post = norms("post", 24)[0]
    assert (round(float(post.min()), 1), round(float(post.max()), 1)) == (5.8, 9.8)
    assert round(float(norms("pre", 24)[0][0] / norms("pre", 24)[0][-1]), 1) == 4.0


def test_deepnorm_update_does_not_depend_on_depth() -> None:
    """Page: change of the output after one SGD step (6, 12, 24 layers), and growth with √L for Adam's step."""
    deep = [first_update("deepnorm", n, "sgd") for n in (6, 12, 24)]
    assert max(deep) / min(deep) < 1.05
    assert deep[0] == pytest.approx(1.05e-4, rel=0.03)
    post = [first_update("post", n, "sgd") for n in (6, 12, 24)]
    assert post[0] / deep[0] > 150
    assert post[2] > post[1] > post[0]
    adam = [first_update("deepnorm", n, "adam") for n in (6, 24)]
    assert adam[1] / adam[0] == pytest.approx(2.0, rel=0.05)


def test_constants() -> None:
    """Page: α and β of a decoder with M = 24 and 1000 layers, and 2M(v² + w²)/α² = 1."""
    for layers, alpha, beta in [(24, 2.63, 0.27), (1000, 6.69, 0.11)]:
        a, b = constants("deepnorm", layers)
        assert (round(a, 2), round(b, 2)) == (alpha, beta)
        assert 2 * layers * (b**2 + b**2) / a**2 == pytest.approx(1.0)
