"""Multi-head attention against PyTorch, and the numbers of docs/attention/multi-head-attention.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.attention.multi_head import Array, flops, multi_head_attention, parameters, sum_over_heads


def layer(d: int, width: int, n: int = 7) -> tuple[Array, Array, Array, Array, Array]:
    """Input (n, d) and the four weights of a layer whose heads have `width` dimensions together."""
    rng = np.random.default_rng(0)
    shapes = [(n, d), (d, width), (d, width), (d, width), (width, d)]
    x, w_q, w_k, w_v, w_o = (rng.standard_normal(s) / np.sqrt(s[0]) for s in shapes)
    return x, w_q, w_k, w_v, w_o


@pytest.mark.parametrize("heads", [1, 2, 8])
@pytest.mark.parametrize("causal", [False, True])
def test_equals_torch(heads: int, causal: bool) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    x, w_q, w_k, w_v, w_o = layer(16, 16)
    theirs = torch.nn.MultiheadAttention(16, heads, bias=False, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        theirs.in_proj_weight.copy_(torch.from_numpy(np.concatenate([w_q, w_k, w_v], axis=1).T))
        theirs.out_proj.weight.copy_(torch.from_numpy(w_o.T))
        hidden = ~torch.ones(7, 7, dtype=torch.bool).tril() if causal else None  # True = hidden in this API
        q = torch.from_numpy(x)[None]
        want = theirs(q, q, q, attn_mask=hidden, need_weights=False)[0][0].numpy()
    mask = np.tri(7, dtype=bool) if causal else None
    np.testing.assert_allclose(multi_head_attention(x, w_q, w_k, w_v, w_o, heads, mask), want, atol=1e-12)


@pytest.mark.parametrize(("d", "width"), [(16, 16), (16, 32), (16, 8)])
def test_concat_then_project_is_a_sum_over_heads(d: int, width: int) -> None:
    weights = layer(d, width)
    np.testing.assert_allclose(multi_head_attention(*weights, 4), sum_over_heads(*weights, 4), atol=1e-12)


def test_order_of_heads_does_not_matter() -> None:
    x, w_q, w_k, w_v, w_o = layer(16, 16)
    order = np.arange(16).reshape(4, 4)[[2, 0, 3, 1]].ravel()  # dimensions of the heads, permuted head by head
    got = multi_head_attention(x, w_q[:, order], w_k[:, order], w_v[:, order], w_o[order], 4)
    np.testing.assert_allclose(got, multi_head_attention(x, w_q, w_k, w_v, w_o, 4), atol=1e-12)


def test_number_of_heads_changes_the_function() -> None:
    weights = layer(16, 16)
    assert np.abs(multi_head_attention(*weights, 1) - multi_head_attention(*weights, 4)).max() > 1e-2


@pytest.mark.parametrize("heads", [1, 8])
def test_flops_are_those_that_torch_counts(heads: int) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    from torch.utils.flop_counter import FlopCounterMode

    n, d, head_dim = 32, 64, 64 // heads
    x, w_q, w_k, w_v, w_o = (torch.from_numpy(a) for a in layer(d, d, n))
    with FlopCounterMode(display=False) as counter:
        q, k, v = ((x @ w).view(n, heads, head_dim).transpose(0, 1).contiguous() for w in (w_q, w_k, w_v))
        out = torch.bmm(torch.softmax(torch.bmm(q, k.transpose(1, 2)), dim=-1), v)
        _ = out.transpose(0, 1).reshape(n, d) @ w_o
    ours = flops(n, d, heads, head_dim)
    assert ours["projections"] + ours["attention"] == counter.get_total_flops()


def test_cost_of_one_head_and_eight() -> None:
    """Page: table 「数一数」 (n = d = 512)."""
    one, eight = flops(512, 512, 1, 512), flops(512, 512, 8, 64)
    assert one["projections"] == eight["projections"] == 1_073_741_824
    assert one["attention"] == eight["attention"] == 536_870_912
    assert (one["exponentials"], eight["exponentials"]) == (262_144, 2_097_152)


@pytest.mark.parametrize("d", [512, 4096])
def test_projections_and_attention_cost_the_same_at_twice_the_width(d: int) -> None:
    """Page: below n = 2d the projections dominate, above it the n² part."""
    for n, more in [(2 * d - 1, "projections"), (2 * d + 1, "attention")]:
        cost = flops(n, d, 8, d // 8)
        assert max(cost["projections"], cost["attention"]) == cost[more]
    cost = flops(2 * d, d, 8, d // 8)
    assert cost["projections"] == cost["attention"]


def test_head_dim_is_a_free_choice() -> None:
    """Page: the original Transformer, Qwen3-0.6B with its real head_dim and with d/h, T5-11B."""
    assert parameters(512, 8, 64) == parameters(512, 1, 512) == 4 * 512**2 == 1_048_576
    assert parameters(512, 8, 512) == 8 * parameters(512, 8, 64) == 8_388_608
    assert parameters(1024, 16, 128, n_kv=8) == 6_291_456
    assert parameters(1024, 16, 1024 // 16, n_kv=8) == 3_145_728
    assert parameters(1024, 128, 128) == 16 * parameters(1024, 16, 64)
