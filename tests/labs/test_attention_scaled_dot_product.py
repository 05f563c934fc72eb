"""Attention against PyTorch, SciPy, a loop; numbers of docs/attention/scaled-dot-product-attention.md."""

from __future__ import annotations

from functools import partial
from math import exp, sqrt

import numpy as np
import pytest
import scipy.special

from labs.attention.scaled_dot_product import Array, Mask, attention, scores, softmax

close = partial(np.testing.assert_allclose, rtol=1e-12, atol=1e-12)


def qkv(n: int, m: int, d_k: int, d_v: int, batch: tuple[int, ...] = ()) -> tuple[Array, Array, Array]:
    rng = np.random.default_rng(0)
    return (
        rng.standard_normal((*batch, n, d_k)),
        rng.standard_normal((*batch, m, d_k)),
        rng.standard_normal((*batch, m, d_v)),
    )


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("scale", [None, 0.3])
def test_matches_torch(masked: bool, scale: float | None) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    q, k, v = qkv(5, 7, 8, 6, batch=(2, 3))
    mask = None
    if masked:
        mask = np.random.default_rng(1).random((2, 1, 5, 7)) < 0.6
        mask[..., 0] = True
    expected = torch.nn.functional.scaled_dot_product_attention(
        *(torch.from_numpy(a) for a in (q, k, v)),
        attn_mask=None if mask is None else torch.from_numpy(mask),
        scale=scale,
    )
    close(attention(q, k, v, mask, scale), expected.numpy())


def test_matches_a_loop_over_queries() -> None:
    q, k, v = qkv(4, 6, 8, 3)
    for i, out in enumerate(attention(q, k, v)):
        e = [exp(sum(a * b for a, b in zip(q[i], key, strict=True)) / sqrt(8)) for key in k]
        close(out, sum(w * value for w, value in zip(e, v, strict=True)) / sum(e))


@pytest.mark.parametrize("axis", [0, -1])
def test_softmax_matches_scipy_and_survives_large_scores(axis: int) -> None:
    x = np.random.default_rng(2).standard_normal((4, 5)) * 1000  # exp(1000) overflows
    close(softmax(x, axis), scipy.special.softmax(x, axis))


def test_output_lies_between_the_values() -> None:
    q, k, v = qkv(5, 7, 8, 6)
    out = attention(q, k, v)
    assert (out > v.min(axis=0)).all() and (out < v.max(axis=0)).all()


def test_page_worked_example() -> None:
    """One query, three keys, d_k = 4: scores 2, 1, 0, weights 0.665, 0.245, 0.090, output 14.25."""
    q = np.array([[2.0, 0, 0, 0]])
    k = np.array([[2.0, 0, 0, 0], [1, 0, 0, 1], [0, 2, 0, 0]])
    v = np.array([[10.0], [20], [30]])
    s = scores(q, k)
    np.testing.assert_array_equal(q @ k.T, [[4, 2, 0]])
    np.testing.assert_array_equal(s, [[2, 1, 0]])
    np.testing.assert_array_equal(softmax(s).round(3), [[0.665, 0.245, 0.090]])
    assert attention(q, k, v).round(2) == 14.25


def test_permuting_tokens_permutes_outputs() -> None:
    """Page: without positions attention does not know the order."""
    q, k, v = qkv(6, 6, 8, 8)
    order = np.random.default_rng(3).permutation(6)
    close(attention(q[order], k[order], v[order]), attention(q, k, v)[order])


def test_page_size_of_the_score_matrix() -> None:
    """Page: 32 heads, n = 8192, two bytes an entry: 4 GiB of scores."""
    assert 32 * 8192**2 * 2 == 4 * 2**30


def test_page_work_of_one_head() -> None:
    """Page: n = 1024, d_k = d_v = 64: 2nnd for QK^T and again for the sum, 268 million."""
    n, d = 1024, 64
    assert 2 * (2 * n * n * d) == 268_435_456


def test_empty_row_is_nan() -> None:
    q, k, v = qkv(2, 3, 4, 4)
    mask: Mask = np.array([[True, True, True], [False, False, False]])
    with np.errstate(invalid="ignore"):
        out = attention(q, k, v, mask)
    assert np.isfinite(out[0]).all() and np.isnan(out[1]).all()
