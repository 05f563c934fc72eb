"""Tensor parallelism against PyTorch, and the numbers of docs/distributed/tensor-parallel.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.distributed.parallel_traffic import (
    all_reduce,
    data_parallel,
    gpt_params,
    pipeline,
    tensor_parallel,
    zero3,
)
from labs.distributed.tensor_parallel import (
    Wire,
    attention_backward,
    attention_forward,
    columns,
    mlp_backward,
    mlp_forward,
    rows,
    shard,
)
from labs.transformer.ffn import gelu

T = [1, 2, 4]


@pytest.mark.parametrize("t", T)
def test_mlp_equals_dense_torch_forward_and_backward(t: int) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    x, a, b, dz = (rng.standard_normal(s) for s in [(5, 6), (6, 24), (24, 6), (5, 6)])
    leaves = [torch.tensor(w, requires_grad=True) for w in (x, a, b)]
    want = torch.nn.functional.gelu(leaves[0] @ leaves[1]) @ leaves[2]
    want.backward(torch.tensor(dz))
    wire = Wire()
    got = mlp_forward(x, columns(a, t), rows(b, t), wire)
    assert wire.all_reduces == 1
    np.testing.assert_allclose(got, want.detach().numpy(), atol=1e-12)
    dx, da, db = mlp_backward(x, columns(a, t), rows(b, t), dz, wire)
    assert wire.all_reduces == 2
    grads = (dx, np.concatenate(da, axis=1), np.concatenate(db))
    for grad, leaf in zip(grads, leaves, strict=True):
        np.testing.assert_allclose(grad, leaf.grad.numpy(), atol=1e-11)


@pytest.mark.parametrize("t", T)
def test_attention_equals_dense_torch_forward_and_backward(t: int) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(1)
    x, dz = rng.standard_normal((2, 7, 8))
    w = list(rng.standard_normal((4, 8, 8)) / 3)
    mask = np.tri(7, dtype=bool)
    xs, *ws = (torch.tensor(v, requires_grad=True) for v in (x, *w))
    q, k, v = ((xs @ m).reshape(7, 4, 2).transpose(0, 1) for m in ws[:3])
    heads = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
    want = heads.transpose(0, 1).reshape(7, 8) @ ws[3]
    want.backward(torch.tensor(dz))
    wire = Wire()
    cards = shard(w[0], w[1], w[2], w[3], t)
    np.testing.assert_allclose(attention_forward(x, cards, 4 // t, mask, wire), want.detach().numpy(), atol=1e-12)
    dx, grads = attention_backward(x, cards, 4 // t, mask, dz, wire)
    assert wire.all_reduces == 2
    np.testing.assert_allclose(dx, xs.grad.numpy(), atol=1e-11)
    for i, leaf in enumerate(ws):
        got = np.concatenate([g[i] for g in grads], axis=0 if i == 3 else 1)
        np.testing.assert_allclose(got, leaf.grad.numpy(), atol=1e-11)


def test_each_card_finds_only_part_of_the_input_gradient() -> None:
    """Page: without f's all-reduce every card goes on with another, wrong dx."""
    rng = np.random.default_rng(2)
    x, a, b, dz = (rng.standard_normal(s) for s in [(5, 6), (6, 24), (24, 6), (5, 6)])
    whole = mlp_backward(x, columns(a, 2), rows(b, 2), dz, Wire())[0]
    alone = [mlp_backward(x, [p], [q], dz, Wire())[0] for p, q in zip(columns(a, 2), rows(b, 2), strict=True)]
    np.testing.assert_allclose(alone[0] + alone[1], whole, atol=1e-12)
    assert min(np.abs(one - whole).max() for one in alone) > 0.1


def test_row_first_needs_the_sum_before_the_nonlinearity() -> None:
    """Page: GeLU of a sum is not the sum of GeLUs."""
    assert gelu(np.array([1.0, 1.0])).sum() == pytest.approx(1.683, abs=1e-3)
    assert gelu(np.array([2.0]))[0] == pytest.approx(1.954, abs=1e-3)
    rng = np.random.default_rng(3)
    x, a = rng.standard_normal((4, 6)), rng.standard_normal((6, 8))
    parts = [p @ q for p, q in zip(columns(x, 2), rows(a, 2), strict=True)]
    np.testing.assert_allclose(parts[0] + parts[1], x @ a, atol=1e-12)
    assert np.abs(gelu(parts[0]) + gelu(parts[1]) - gelu(x @ a)).max() > 0.1


def test_traffic_of_tensor_parallel() -> None:
    """Page: one layer, 4096 tokens, h = 4096, 8 cards, 16 bit; and the whole step of 32 layers."""
    assert 4096 * 4096 * 2 == 32 * 2**20  # one (tokens, h) tensor: 32 MiB
    layer = tensor_parallel(4096, 4096, 1, 8) * 2
    assert layer == 4 * all_reduce(4096 * 4096, 8) * 2 == 224 * 2**20
    step = tensor_parallel(4096, 4096, 32, 8) * 2
    assert step == 7 * 2**30
    assert [round(1e3 * step / bandwidth) for bandwidth in (160e9, 50e9)] == [47, 150]
    assert round(1e3 * 6 * gpt_params(4096, 32) * 4096 / 8 / 400e12) == 49  # the computing, at 400 TFLOP/s


def test_tensor_parallel_against_zero3() -> None:
    """Page: table of a 6.4B model on 8 cards, and equality at 4.5 h tokens."""
    h, layers = 4096, 32
    params = gpt_params(h, layers)
    assert round(params / 1e9, 1) == 6.4
    assert round(zero3(params, 8) * 2 / 1e9, 1) == 33.8
    got = [round(tensor_parallel(n, h, layers, 8) * 2 / 1e9, 1) for n in (4096, 18432, 131072)]
    assert got == [7.5, 33.8, 240.5]
    assert tensor_parallel(18432, h, layers, 8) == zero3(params, 8)
    assert 4.5 * h == 18432


def test_traffic_table_of_the_overview() -> None:
    """Page parallelism-dp-tp-sp-pp-ep: GB that a card sends in a step; 80 layers of h = 8192, tp 8, pp 4, dp 8."""
    h, layers, tokens = 8192, 80, 8 * 4096
    assert round(tensor_parallel(tokens, h, layers // 4, 8) * 2 / 1e9) == 75
    assert round(pipeline(tokens, h, t=8) * 2 / 1e9, 2) == 0.13
    assert round(pipeline(tokens, h) * 2 / 1e9, 1) == 1.1
    assert round(gpt_params(h, layers) / 1e9, 1) == 64.4
    assert round(data_parallel(gpt_params(h, layers) / 32, 8) * 2 / 1e9, 1) == 7.0
