"""Biases in Q and K: docs/transformer/qkv-bias.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.attention.scaled_dot_product import attention, softmax
from labs.transformer.qkv_bias import position_term, rotate, scores

RNG = np.random.default_rng(0)
Q, K, V = RNG.standard_normal((3, 6, 8))
A, B = RNG.standard_normal((2, 8))


def test_rotation_by_matrices() -> None:
    """Against 2×2 rotation matrices, pair by pair."""
    for n in range(6):
        for i in range(4):
            angle = n * 10_000 ** (-2 * i / 8)
            matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
            pair = slice(2 * i, 2 * i + 2)
            np.testing.assert_allclose(rotate(Q, np.arange(6.0))[n, pair], matrix @ Q[n, pair], atol=1e-12)


def test_four_terms() -> None:
    """Page: (q+a)ᵀR(k+b) = qᵀRk + aᵀRk + qᵀRb + aᵀRb, and the last one depends on m - n only."""
    zero = np.zeros(8)
    parts = (
        scores(Q, K, zero, zero) + scores(Q * 0, K, A, zero) + scores(Q, K * 0, zero, B) + scores(Q * 0, K * 0, A, B)
    )
    np.testing.assert_allclose(scores(Q, K, A, B), parts, atol=1e-12)
    last = scores(Q * 0, K * 0, A, B)
    by_distance = position_term(A, B, 6)
    for m in range(6):
        for n in range(m + 1):
            assert last[m, n] == pytest.approx(by_distance[m - n], abs=1e-12)


def test_without_rope_the_bias_of_k_does_nothing() -> None:
    """Page: softmax removes q·b; with RoPE it does not."""
    zero = np.zeros(8)
    without, with_b = (softmax(scores(Q, K, A, b, rope=False)) for b in (zero, B))
    np.testing.assert_allclose(without, with_b, atol=1e-12)
    without, with_b = (softmax(scores(Q, K, A, b)) for b in (zero, B))
    assert np.abs(without - with_b).max() > 0.05


def test_bias_of_v_is_a_constant() -> None:
    """Page: rows of weights sum to 1, so a bias in V adds itself to every output."""
    np.testing.assert_allclose(attention(Q, K, V + B), attention(Q, K, V) + B, atol=1e-12)
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    want = torch.nn.functional.scaled_dot_product_attention(*(torch.from_numpy(z) for z in (Q, K, V + B)))
    np.testing.assert_allclose(attention(Q, K, V) + B, want.numpy(), atol=1e-12)


def test_position_term_decays_for_equal_biases() -> None:
    """Page: a = b, all entries 1/8, d_h = 64: 1, 0.66, 0.56 at distance 0, 10, 100, within ±0.42 from 512 on."""
    a = np.ones(64) / 8
    term = position_term(a, a, 4096)
    assert [round(float(term[i]), 2) for i in (0, 10, 100)] == [1.0, 0.66, 0.56]
    assert np.abs(term[512:]).max() == pytest.approx(0.414, abs=0.001)
    assert abs(float(term[512:].mean())) < 0.15
    assert float(position_term(a, -a, 1)[0]) == pytest.approx(-1.0)


def test_parameters() -> None:
    """Page: a 7B model (d = 4096, 32 layers) has 3·4096·32 = 393 216 QKV biases, 0.006 % of 6.74B."""
    assert 3 * 4096 * 32 == 393_216
    assert round(100 * 393_216 / 6_738_415_616, 3) == 0.006
