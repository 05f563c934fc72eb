"""Masks against PyTorch and step-by-step decoding; numbers of docs/attention/masked-self-attention.md."""

from __future__ import annotations

import warnings
from functools import partial

import numpy as np
import pytest

from labs.attention.masks import (
    causal_mask,
    cross_attention,
    decoder_mask,
    mask_after_softmax,
    padding_mask,
    zero_empty_rows,
)
from labs.attention.scaled_dot_product import Array, attention, scores, softmax

close = partial(np.testing.assert_allclose, rtol=1e-12, atol=1e-12)


def qkv(n: int = 6, d: int = 8, batch: tuple[int, ...] = ()) -> Array:
    return np.random.default_rng(0).standard_normal((3, *batch, n, d))


def test_causal_mask_matches_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    q, k, v = qkv(batch=(2,))
    expected = torch.nn.functional.scaled_dot_product_attention(
        *(torch.from_numpy(a) for a in (q, k, v)), is_causal=True
    )
    close(attention(q, k, v, causal_mask(6)), expected.numpy())


def test_causal_mask_entries() -> None:
    mask = causal_mask(5)
    for i in range(5):
        for j in range(5):
            assert mask[i, j] == (j <= i)
    assert mask.sum() == 5 * 6 // 2


def test_changing_a_future_token_leaves_the_past_alone() -> None:
    q, k, v = qkv()
    before = attention(q, k, v, causal_mask(6))
    for a in (q, k, v):
        a[4] += 3
    after = attention(q, k, v, causal_mask(6))
    np.testing.assert_array_equal(before[:4], after[:4])
    assert (np.abs(before[4:] - after[4:]).max(axis=1) > 0.01).all()


def test_one_pass_equals_decoding_step_by_step() -> None:
    q, k, v = qkv()
    together = attention(q, k, v, causal_mask(6))
    for t in range(6):
        alone = attention(q[t : t + 1], k[: t + 1], v[: t + 1])  # no mask: the future does not exist yet
        close(alone[0], together[t])


def test_mask_with_a_cache_takes_the_last_rows() -> None:
    np.testing.assert_array_equal(causal_mask(2, 6), causal_mask(6)[-2:])
    assert causal_mask(1, 6).all()


def test_torch_is_causal_aligns_rectangles_at_the_upper_left() -> None:
    """Page: PyTorch's `is_causal` with one query and six keys shows key 0 only."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    q, k, v = qkv()
    found = torch.nn.functional.scaled_dot_product_attention(
        *(torch.from_numpy(a) for a in (q[-1:], k, v)), is_causal=True
    ).numpy()
    close(found[0], v[0])  # sees the first key only
    assert np.abs(found - attention(q[-1:], k, v, causal_mask(1, 6))).max() > 0.1


def test_padding_does_not_change_real_positions() -> None:
    q, k, v = qkv(batch=(2,))
    lengths = [4, 6]
    out = attention(q, k, v, padding_mask(lengths, 6))
    for row, (n, found) in enumerate(zip(lengths, out, strict=True)):
        close(found[:n], attention(q[row, :n], k[row, :n], v[row, :n]))
    assert np.abs(attention(q, k, v)[0, :4] - out[0, :4]).max() > 0.01


def test_masks_combine_by_and() -> None:
    mask = decoder_mask([4, 6], 6)
    assert mask.shape == (2, 6, 6)
    np.testing.assert_array_equal(mask[1], causal_mask(6))
    np.testing.assert_array_equal(mask[0, 5], [True] * 4 + [False] * 2)


def test_right_padding_needs_no_padding_mask_at_real_positions_of_a_causal_model() -> None:
    q, k, v = qkv()
    np.testing.assert_array_equal(
        attention(q, k, v, causal_mask(6))[:4], attention(q, k, v, decoder_mask([4], 6)[0])[:4]
    )


def test_left_padding_and_causality_leave_rows_empty() -> None:
    real = np.array([False, False, True, True])
    mask = causal_mask(4) & real
    assert mask.any(axis=1).tolist() == [False, False, True, True]


def test_empty_row_is_nan_and_zero_after_repair() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    q, k, v = qkv(4)
    mask = causal_mask(4) & np.array([False, True, True, True])
    with np.errstate(invalid="ignore"):
        assert np.isnan(attention(q, k, v, mask)[0]).all()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        repaired = zero_empty_rows(q, k, v, mask)
    np.testing.assert_array_equal(repaired[0], 0)
    expected = torch.nn.functional.scaled_dot_product_attention(
        *(torch.from_numpy(a) for a in (q, k, v)), attn_mask=torch.from_numpy(mask)
    )
    close(repaired, expected.numpy())  # PyTorch 2.13 returns zeros too


def test_page_smallest_finite_number() -> None:
    """Page: fp16 ends at -65504; a row of it comes out uniform, two such masks added give -inf."""
    low = np.finfo(np.float16).min
    assert low == -65504
    close(softmax(np.full(4, float(low))), 0.25)
    with np.errstate(over="ignore"):
        assert np.isneginf(low + low)


def test_masking_after_softmax_leaks_and_does_not_sum_to_one() -> None:
    q, k, v = qkv()
    mask = causal_mask(6)
    before = mask_after_softmax(q, k, v, mask)
    assert (softmax(scores(q, k)) * mask)[0].sum() < 0.9
    k[5] += 3
    assert np.abs(mask_after_softmax(q, k, v, mask)[0] - before[0]).max() > 1e-3


def test_page_cross_attention_shapes() -> None:
    """Page: t = 3 target rows, s = 5 source rows: scores (3, 5), output (3, d_v)."""
    rng = np.random.default_rng(0)
    x, source = rng.standard_normal((3, 8)), rng.standard_normal((5, 12))
    w_q, w_k, w_v = rng.standard_normal((8, 4)), rng.standard_normal((12, 4)), rng.standard_normal((12, 6))
    seen = padding_mask([4], 5)[0]
    assert scores(x @ w_q, source @ w_k).shape == (3, 5)
    out = cross_attention(x, source, w_q, w_k, w_v, seen)
    assert out.shape == (3, 6)
    changed = source.copy()
    changed[4] += 9  # a padded source row
    np.testing.assert_array_equal(cross_attention(x, changed, w_q, w_k, w_v, seen), out)
    for t in range(3):  # one target row at a time: no causal mask is needed
        np.testing.assert_allclose(cross_attention(x[t : t + 1], source, w_q, w_k, w_v, seen)[0], out[t])


def test_cross_attention_matches_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(1)
    x, source = rng.standard_normal((3, 8)), rng.standard_normal((5, 8))
    w_q, w_k, w_v = rng.standard_normal((3, 8, 8))
    layer = torch.nn.MultiheadAttention(8, 1, bias=False, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        layer.in_proj_weight.copy_(torch.from_numpy(np.concatenate([w_q.T, w_k.T, w_v.T])))
        layer.out_proj.weight.copy_(torch.eye(8))
    hidden = torch.tensor([[False, False, False, False, True]])  # here True means: leave out
    expected, _ = layer(*(torch.from_numpy(a)[None] for a in (x, source, source)), key_padding_mask=hidden)
    found = cross_attention(x, source, w_q, w_k, w_v, padding_mask([4], 5)[0])
    close(found, expected.detach().numpy()[0])


def test_page_share_of_visible_pairs() -> None:
    """Page: a causal mask on 1024 tokens leaves 524 800 of 1 048 576 pairs, just over half."""
    assert causal_mask(1024).sum() == 524_800
    assert 1024**2 == 1_048_576
