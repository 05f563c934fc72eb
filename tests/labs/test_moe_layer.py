"""The MoE layer against a naive PyTorch loop, capacity and overflow: docs/moe/index.md, moe-load-imbalance.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.moe.balance import load, skewed_router, tokens
from labs.moe.capacity import block_padding, capacity, drop_and_padding, fill_buffers, kept, positions
from labs.moe.layer import Experts, combine, make_experts, moe, moe_with_capacity, route, top_k
from labs.transformer.ffn import silu

RNG = np.random.default_rng(0)
X, W_R, EXPERTS = RNG.standard_normal((12, 6)), RNG.standard_normal((6, 5)), make_experts(5, 6, 7, RNG)


def test_layer_equals_naive_torch_loop() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    x, w, gate, up, down = (torch.from_numpy(a) for a in (X, W_R, EXPERTS.gate, EXPERTS.up, EXPERTS.down))
    for k in (1, 2, 5):
        want = torch.zeros_like(x)
        for t in range(len(x)):  # token by token, expert by expert: no gather
            value, index = torch.topk(x[t] @ w, k)
            for g, i in zip(torch.softmax(value, 0), index, strict=True):
                hidden = torch.nn.functional.silu(x[t] @ gate[i]) * (x[t] @ up[i])
                want[t] += g * (hidden @ down[i])
        np.testing.assert_allclose(moe(X, W_R, EXPERTS, k), want.numpy(), atol=1e-10)


def test_softmax_of_top_k_is_renormalised_softmax() -> None:
    """Page: Mixtral's softmax over the chosen logits is the softmax over all, renormalised over the chosen."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    ids, weights = route(X, W_R, 2)
    p = torch.softmax(torch.from_numpy(X @ W_R), -1).numpy()
    chosen = np.take_along_axis(p, ids, axis=-1)
    np.testing.assert_allclose(weights, chosen / chosen.sum(axis=-1, keepdims=True), atol=1e-12)


def test_all_experts_equal_makes_a_dense_ffn() -> None:
    """Page: with equal experts the router does not matter."""
    same = Experts(*(np.repeat(a[:1], 5, axis=0) for a in (EXPERTS.gate, EXPERTS.up, EXPERTS.down)))
    want = (silu(X @ same.gate[0]) * (X @ same.up[0])) @ same.down[0]
    np.testing.assert_allclose(moe(X, W_R, same, 2), want, atol=1e-10)


def test_positions_and_overflow_against_a_loop() -> None:
    ids = top_k(X @ W_R, 2)
    queue, want = np.zeros(5, dtype=np.int64), np.zeros_like(ids)
    for slot in range(2):  # first choices of all tokens before any second choice
        for t in range(len(X)):
            want[t, slot] = queue[ids[t, slot]]
            queue[ids[t, slot]] += 1
    np.testing.assert_array_equal(positions(ids, 5), want)
    _, weights = route(X, W_R, 2)
    for limit in (1, 2, 4):
        y, keep = moe_with_capacity(X, W_R, EXPERTS, 2, limit)
        np.testing.assert_array_equal(keep, want < limit)
        np.testing.assert_allclose(y, combine(X, EXPERTS, ids, weights * (want < limit)), atol=1e-12)
        lost = ~keep.any(axis=-1)
        np.testing.assert_array_equal(y[lost], 0)  # the residual stream alone carries such a token
        assert np.bincount(ids[keep], minlength=5).max() <= limit
    assert lost.sum() == 0
    assert (~moe_with_capacity(X, W_R, EXPERTS, 2, 1)[1].any(axis=-1)).sum() > 0


def test_renormalising_gives_the_lost_weight_to_the_other_expert() -> None:
    ids, _ = route(X, W_R, 2)
    y, keep = moe_with_capacity(X, W_R, EXPERTS, 2, 3, renormalize=True)
    one = np.flatnonzero(keep.sum(axis=-1) == 1)
    assert len(one) > 0
    for t in one:
        np.testing.assert_allclose(y[t], EXPERTS(int(ids[t][keep[t]][0]), X[t : t + 1])[0], atol=1e-10)


def test_padded_buffers_give_the_same_output() -> None:
    """Page: zero rows stay zero, so the padded batched matmul is the same function."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    limit = 4
    ids, weights = route(X, W_R, 2)
    place = positions(ids, 5)
    buffers, gate, up, down = (
        torch.from_numpy(a) for a in (fill_buffers(X, ids, 5, limit), EXPERTS.gate, EXPERTS.up, EXPERTS.down)
    )
    out = torch.bmm(torch.nn.functional.silu(torch.bmm(buffers, gate)) * torch.bmm(buffers, up), down).numpy()
    want = np.zeros_like(X)
    for t, s in zip(*np.nonzero(place < limit), strict=True):
        want[t] += weights[t, s] * out[ids[t, s], place[t, s]]
    np.testing.assert_allclose(moe_with_capacity(X, W_R, EXPERTS, 2, limit)[0], want, atol=1e-10)


def test_numbers_of_capacity() -> None:
    """Page moe-load-imbalance: drops and padding of a skewed and of an even router, T = 4096, E = 8, k = 2."""
    rng = np.random.default_rng(0)
    w, x = skewed_router(16, 8, rng), tokens(4096, 16, rng)
    ids = top_k(x @ w, 2)
    skewed = np.bincount(ids.ravel(), minlength=8)
    assert (skewed.max(), skewed.min()) == (2526, 41)
    rows = []
    for factor, limit in ((1, 1024), (1.25, 1280), (1.5, 1536), (2, 2048), (2.5, 2560)):
        assert capacity(4096, 2, 8, factor) == limit
        dropped, padding = drop_and_padding(skewed, limit)
        assert dropped == pytest.approx(1 - kept(ids, 8, limit).mean())
        rows.append((round(100 * dropped, 1), round(100 * padding, 1)))
    assert rows == [(35.2, 35.2), (24.4, 39.5), (17.2, 44.8), (5.8, 52.9), (0, 60.0)]
    assert round(100 * block_padding(skewed), 1) == 5.9
    even = np.bincount(top_k(rng.standard_normal((4096, 8)), 2).ravel(), minlength=8)
    assert [round(100 * v, 1) for v in drop_and_padding(even, 1024)] == [0.6, 0.6]
    assert [round(100 * v, 1) for v in drop_and_padding(even, 1280)] == [0, 20.0]
    np.testing.assert_allclose(load(x @ w, 2), skewed / skewed.sum())
