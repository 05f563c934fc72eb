"""Sequence parallelism against PyTorch, and the numbers of docs/distributed/sequence-parallel.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.distributed.sequence_parallel import Array, Wire, backward, forward, layer_activations
from labs.numerics.training_memory import activation_bytes


@pytest.mark.parametrize("t", [1, 2, 4])
def test_block_equals_dense_torch(t: int) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    x, a, b, dy = (rng.standard_normal(s) for s in [(8, 6), (6, 12), (12, 6), (8, 6)])
    gain, keep = rng.standard_normal(6), (rng.random((8, 6)) > 0.2) / 0.8
    xs, gs, ws, vs = (torch.tensor(v, requires_grad=True) for v in (x, gain, a, b))
    normed = torch.nn.functional.layer_norm(xs, (6,), gs)
    want = xs + torch.tensor(keep) * (torch.nn.functional.gelu(normed @ ws) @ vs)
    want.backward(torch.tensor(dy))

    def cut(m: Array, axis: int = 0) -> list[Array]:
        return np.split(m, t, axis=axis)

    wire = Wire()
    y, u = forward(cut(x), gain, cut(a, 1), cut(b), cut(keep), wire)
    np.testing.assert_allclose(np.concatenate(y), want.detach().numpy(), atol=1e-11)
    assert wire.calls == {"all_gather": 1, "reduce_scatter": 1}
    dx, dgain, da, db = backward(cut(x), gain, cut(a, 1), cut(b), cut(keep), u, cut(dy), wire)
    # forward 1 + 1, backward 1 + 1, one all-gather more, and the small all-reduce of the gain
    assert wire.calls == {"all_gather": 3, "reduce_scatter": 2, "all_reduce": 1}
    got = (np.concatenate(dx), dgain, np.concatenate(da, axis=1), np.concatenate(db))
    for value, leaf in zip(got, (xs, gs, ws, vs), strict=True):
        np.testing.assert_allclose(value, leaf.grad.numpy(), atol=1e-10)


def test_formula_agrees_with_the_one_card_formula() -> None:
    for s, b, h, heads in [(2048, 1, 12288, 96), (4096, 2, 4096, 32)]:
        assert layer_activations(s, b, h, heads) == activation_bytes(s, b, h, heads, 1)
        assert layer_activations(s, b, h, heads, core=False) == activation_bytes(s, b, h, heads, 1, "selective")


def test_table_of_gpt3() -> None:
    """Page: coefficient of sbh and GB of a layer, s = 2048, h = 12 288, 96 heads, t = 8."""
    s, h, a = 2048, 12_288, 96
    cases = {
        "none": (1, False, True),
        "tp": (8, False, True),
        "sp": (8, True, True),
        "tp_sel": (8, False, False),
        "all": (8, True, False),
    }
    coefficient = {k: layer_activations(s, 1, h, a, *v) / (s * h) for k, v in cases.items()}
    assert coefficient == {"none": 114, "tp": 23, "sp": 14.25, "tp_sel": 13, "all": 4.25}
    gigabytes = {k: round(layer_activations(s, 1, h, a, *v) / 1e9, 2) for k, v in cases.items()}
    assert gigabytes == {"none": 2.87, "tp": 0.58, "sp": 0.36, "tp_sel": 0.33, "all": 0.11}
    whole = [round(96 * layer_activations(s, 1, h, a, *cases[k]) / 1e9, 1) for k in ("tp", "sp", "all")]
    assert whole == [55.6, 34.4, 10.3]


def test_share_that_tp_alone_cannot_cut() -> None:
    """Page: LayerNorm and dropout are 43% of what t = 8 leaves, 77% with selective recomputation; SP saves 38%."""
    left, selective = (layer_activations(2048, 1, 12_288, 96, 8, core=c) / (2048 * 12_288) for c in (True, False))
    assert [round(10 / v, 2) for v in (left, selective)] == [0.43, 0.77]
    saved = 1 - layer_activations(2048, 1, 12_288, 96, 8, True) / layer_activations(2048, 1, 12_288, 96, 8)
    assert round(saved, 2) == 0.38
