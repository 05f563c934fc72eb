"""Grouped-query attention against PyTorch, and the numbers of docs/attention/gqa.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.attention.grouped_query import (
    DEEPSEEK_V3,
    LLAMA2_7B,
    LLAMA2_70B,
    LLAMA3_8B,
    Array,
    Model,
    decode_intensity,
    grouped_query,
    grouped_query_attention,
    mean_pool_heads,
)
from labs.attention.multi_head import multi_head_attention, parameters
from labs.attention.scaled_dot_product import attention

KIB, GIB = 2**10, 2**30


def qkv(heads: int, groups: int, n: int = 5, m: int = 9, d: int = 4) -> tuple[Array, Array, Array]:
    """Random q (heads, n, d), k and v (groups, m, d)."""
    rng = np.random.default_rng(0)
    q, k, v = (rng.standard_normal(s) for s in [(heads, n, d), (groups, m, d), (groups, m, d)])
    return q, k, v


@pytest.mark.parametrize("groups", [1, 2, 4, 8])
def test_equals_torch(groups: int) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    q, k, v = qkv(8, groups)
    mask = np.tri(5, 9, 4, dtype=bool)  # the last 5 of 9 positions, causal
    want = torch.nn.functional.scaled_dot_product_attention(
        *(torch.from_numpy(a)[None] for a in (q, k, v)), attn_mask=torch.from_numpy(mask), enable_gqa=True
    )
    np.testing.assert_allclose(grouped_query(q, k, v, mask), want[0].numpy(), atol=1e-12)


def test_one_group_is_multi_query() -> None:
    q, k, v = qkv(8, 1)
    want = np.stack([attention(head, k[0], v[0]) for head in q])  # every query head over the same K and V
    np.testing.assert_allclose(grouped_query(q, k, v), want, atol=1e-12)


def test_as_many_groups_as_heads_is_multi_head() -> None:
    rng = np.random.default_rng(1)
    x, w_q, w_k, w_v, w_o = (rng.standard_normal(s) / 4 for s in [(6, 16)] + [(16, 16)] * 4)
    got = grouped_query_attention(x, w_q, w_k, w_v, w_o, 4, 4)
    np.testing.assert_allclose(got, multi_head_attention(x, w_q, w_k, w_v, w_o, 4), atol=1e-12)


def test_heads_of_a_group_are_neighbours() -> None:
    """Page: repeat_interleave is right, tiling is wrong."""
    q, k, v = qkv(8, 2)
    np.testing.assert_allclose(grouped_query(q, k, v), attention(q, k.repeat(4, 0), v.repeat(4, 0)), atol=1e-12)
    tiled = attention(q, np.tile(k, (4, 1, 1)), np.tile(v, (4, 1, 1)))
    assert np.abs(grouped_query(q, k, v) - tiled).max() > 1e-2


def test_pooling_equal_heads_changes_nothing() -> None:
    rng = np.random.default_rng(2)
    x, w_q, w_o, k, v = (rng.standard_normal(s) / 4 for s in [(6, 16), (16, 16), (16, 16), (16, 8), (16, 8)])
    # 4 heads, equal in pairs
    s_k, s_v = (np.repeat(w.reshape(16, 2, 4), 2, axis=1).reshape(16, 16) for w in (k, v))
    p_k, p_v = mean_pool_heads(s_k, 4, 2), mean_pool_heads(s_v, 4, 2)
    np.testing.assert_allclose(p_k, k, atol=1e-15)
    want = multi_head_attention(x, w_q, s_k, s_v, w_o, 4)
    np.testing.assert_allclose(grouped_query_attention(x, w_q, p_k, p_v, w_o, 4, 2), want, atol=1e-12)


def test_mean_is_the_closest_single_head() -> None:
    """Page: no other head has a smaller sum of squared distances to the heads of its group."""
    rng = np.random.default_rng(3)
    w = rng.standard_normal((16, 32))  # 8 heads of 4 dimensions
    heads = w.reshape(16, 8, 4)
    mean = mean_pool_heads(w, 8, 1)

    def distance(candidate: Array) -> float:
        return float(((heads - candidate[:, None]) ** 2).sum())

    others = [heads[:, i] for i in range(8)] + [mean + 1e-3 * rng.standard_normal((16, 4)) for _ in range(20)]
    assert all(distance(mean) < distance(other) for other in others)


def test_pooling_depends_on_the_basis_of_the_heads() -> None:
    """Page: turning Q and K of each head alike changes nothing in MHA, but changes what pooling makes."""
    rng = np.random.default_rng(4)
    x, w_q, w_k, w_v, w_o = (rng.standard_normal(s) / 4 for s in [(6, 16)] + [(16, 16)] * 4)
    turns = [np.linalg.qr(rng.standard_normal((4, 4)))[0] for _ in range(4)]
    t_q, t_k = (np.concatenate([w[:, 4 * i : 4 * i + 4] @ r for i, r in enumerate(turns)], axis=1) for w in (w_q, w_k))
    before = multi_head_attention(x, w_q, w_k, w_v, w_o, 4)
    after = multi_head_attention(x, t_q, t_k, w_v, w_o, 4)
    np.testing.assert_allclose(after, before, atol=1e-12)
    v = mean_pool_heads(w_v, 4, 2)
    plain = grouped_query_attention(x, w_q, mean_pool_heads(w_k, 4, 2), v, w_o, 4, 2)
    other = grouped_query_attention(x, t_q, mean_pool_heads(t_k, 4, 2), v, w_o, 4, 2)
    assert np.abs(plain - other).max() > 1e-3


def test_cache_per_token() -> None:
    """Page: table 「每 token」 and figure kv_cache."""
    assert [m.cache_bytes() for m in (LLAMA2_7B, LLAMA2_70B, LLAMA3_8B, DEEPSEEK_V3)] == [
        512 * KIB,
        320 * KIB,
        128 * KIB,
        70_272,
    ]
    assert round(DEEPSEEK_V3.cache_bytes() / KIB, 1) == 68.6


def test_cache_of_a_context() -> None:
    """Page: one sequence of 4096 tokens (LLaMA-2) and 32 768 tokens (all)."""
    assert LLAMA2_7B.cache_bytes(4096) == 2 * GIB
    assert LLAMA2_70B.cache_bytes(4096) == 1.25 * GIB
    as_mha = Model("70B with MHA", layers=80, n_heads=64, n_kv=64, head_dim=128)
    assert as_mha.cache_bytes(4096) == 10 * GIB
    assert [m.cache_bytes(32_768) / GIB for m in (LLAMA2_7B, LLAMA2_70B, LLAMA3_8B)] == [16, 10, 4]
    assert round(DEEPSEEK_V3.cache_bytes(32_768) / GIB, 2) == 2.14
    assert LLAMA2_70B.cache_bytes(4096, batch=16) == 20 * GIB


def test_counting_heads_instead_of_dimensions_loses_the_head_dim() -> None:
    """Page: 4·b·l·h·s with h = 32 heads gives 16 MiB where 2 GiB is right."""
    wrong = 4 * 1 * 32 * 32 * 4096
    assert wrong == 16 * 2**20
    assert LLAMA2_7B.cache_bytes(4096) == wrong * 128 == 4 * 32 * (32 * 128) * 4096


def test_decode_intensity() -> None:
    """Page: FLOPs per byte of cache, in BF16."""
    assert (decode_intensity(64, 64), decode_intensity(64, 8), decode_intensity(64, 1)) == (1, 8, 64)


def test_attention_weights_of_llama2_70b() -> None:
    """Page: parameters of one attention layer as MHA and as GQA-8, in millions."""
    assert round(parameters(8192, 64, 128) / 1e6) == 268
    assert round(parameters(8192, 64, 128, n_kv=8) / 1e6) == 151
