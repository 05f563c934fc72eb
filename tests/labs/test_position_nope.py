"""Order without position encodings, and the numbers of docs/position/why-positional-encoding.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.attention.scaled_dot_product import Array
from labs.position.nope import count_predecessors, make_layers, run

RNG = np.random.default_rng(0)
X: Array = RNG.standard_normal((9, 16))
ORDER = np.array([4, 2, 0, 7, 1, 6, 3, 5, 8])  # the last token stays last


def test_without_a_mask_attention_is_permutation_equivariant() -> None:
    layers = make_layers(3, 16, np.random.default_rng(1))
    np.testing.assert_allclose(run(X[ORDER], layers, causal=False), run(X, layers, causal=False)[ORDER], atol=1e-10)


def test_the_causal_mask_breaks_equivariance() -> None:
    layers = make_layers(1, 16, np.random.default_rng(1))
    moved, still = run(X[ORDER], layers, causal=True), run(X, layers, causal=True)[ORDER]
    assert np.abs(moved - still).max() > 0.1
    # Page: yet one layer's last token cannot tell the order of those before it, two layers can.
    np.testing.assert_allclose(moved[-1], still[-1], atol=1e-10)
    two = make_layers(2, 16, np.random.default_rng(1))
    assert np.abs(run(X[ORDER], two, causal=True)[-1] - run(X, two, causal=True)[-1]).max() > 0.1


def test_one_head_counts_its_predecessors() -> None:
    """Page: the output at position t is 1/t, so position 5 reads 0.2."""
    is_bos = np.zeros(12, dtype=np.bool_)
    is_bos[0] = True
    got = count_predecessors(is_bos)
    np.testing.assert_allclose(got, [1 / t for t in range(1, 13)], atol=1e-12)
    assert got[4] == pytest.approx(0.2)
    assert 512 * 768 == 393_216  # the learnt table of BERT-base, same page


def test_identical_tokens_stay_identical() -> None:
    """Page: without <bos>, a row of equal tokens gives equal outputs; the mask alone shows nothing."""
    layers = make_layers(3, 16, np.random.default_rng(2))
    out = run(np.repeat(X[:1], 8, axis=0), layers, causal=True)
    np.testing.assert_allclose(out, np.repeat(out[:1], 8, axis=0), atol=1e-10)


def test_causal_stack_equals_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    layers = make_layers(2, 16, np.random.default_rng(3))
    x = torch.from_numpy(X)
    for w_q, w_k, w_v, w_o in torch.from_numpy(layers):
        q, k, v = (x @ w for w in (w_q, w_k, w_v))
        x = x + torch.nn.functional.scaled_dot_product_attention(q[None], k[None], v[None], is_causal=True)[0] @ w_o
    np.testing.assert_allclose(run(X, layers, causal=True), x.numpy(), atol=1e-10)
