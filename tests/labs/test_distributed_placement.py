"""Expert parallelism, overlap, rank mapping and random streams; numbers of the last four pages of docs/distributed."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from labs.distributed.expert_parallel import all_to_all, decode_step, moe_over_cards
from labs.distributed.overlap import backward_with_buckets, bubbles, forward_with_gather, time
from labs.distributed.rank_mapping import choices, coordinates, embedding_groups, groups, nodes_touched
from labs.distributed.rng_streams import Streams, dropout_mask, init_shard, init_then_cut, seeds
from labs.moe.all_to_all import dispatch_and_combine
from labs.moe.layer import make_experts, moe
from labs.numerics.training_memory import MIXED_ADAM


@pytest.mark.parametrize("cards", [1, 2, 4])
def test_experts_on_other_cards_change_nothing(cards: int) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    x, w_r, experts = rng.standard_normal((24, 6)), rng.standard_normal((6, 8)), make_experts(8, 6, 10, rng)
    parts, sent = moe_over_cards(np.split(x, cards), w_r, experts, 2)
    got = np.concatenate(parts)
    np.testing.assert_allclose(got, moe(x, w_r, experts, 2), atol=1e-12)
    assert sent.shape == (cards, cards)
    assert sent.sum() == 24 * 2
    xs = torch.tensor(x)  # a second opinion: every expert on every token, weighted
    weight, ids = (xs @ torch.tensor(w_r)).topk(2)
    weight = torch.softmax(weight, dim=-1)
    gate, up, down = (torch.tensor(w) for w in (experts.gate, experts.up, experts.down))
    dense = (torch.nn.functional.silu(xs @ gate) * (xs @ up)) @ down  # (E, T, d)
    want = sum(weight[:, j, None] * dense[ids[:, j], torch.arange(24)] for j in range(2))
    np.testing.assert_allclose(got, want.numpy(), atol=1e-12)


def test_all_to_all_is_its_own_inverse() -> None:
    send = [[np.array([float(10 * i + j)]) for j in range(3)] for i in range(3)]
    assert all_to_all(send)[2][0] == 2
    assert all_to_all(all_to_all(send)) == send


def test_decode_step() -> None:
    """Page expert-parallel: 32 tokens a card, 256 experts, top-8, an expert of 44 MB, 3.35 TB/s."""
    expert = 3 * 7168 * 2048
    assert round(expert / 1e6, 1) == 44.0
    assert round(256 * expert * 2 / 1e9, 1) == 22.5  # all experts of a layer, BF16
    got = [decode_step(32, cards, 256, 8, expert, 3.35e12) for cards in (8, 32, 256)]
    assert [t for t, _ in got] == [8, 32, 256]
    assert [round(s * 1e6) for _, s in got] == [421, 105, 13]
    assert [256 // c for c in (8, 32, 256)] == [32, 8, 1]
    assert [round(256 // c * expert / 1e9, 2) for c in (8, 32, 256)] == [1.41, 0.35, 0.04]
    per_token = dispatch_and_combine(7168, 8)
    assert round(per_token / 1e3) == 172
    assert round(32 * per_token / 1e6, 1) == 5.5
    assert round(32 * per_token / 50e9 * 1e6) == 110  # µs over InfiniBand: more than reading one expert


def test_buckets() -> None:
    """Page overlap-communication: 24 layers, 2 units each; a reduction costs 1 + 1 per layer."""
    assert time(backward_with_buckets(24, 2, 1, 1, 24)) == 48 + 25  # one bucket: nothing is hidden
    got = {bucket: time(backward_with_buckets(24, 2, 1, 1, bucket)) for bucket in (1, 2, 4, 8, 12, 24)}
    assert got == {1: 50, 2: 51, 4: 53, 8: 57, 12: 61, 24: 73}
    costly = {bucket: time(backward_with_buckets(24, 2, 4, 1, bucket)) for bucket in (1, 2, 4, 8, 12, 24)}
    assert costly == {1: 122, 2: 76, 4: 56, 8: 60, 12: 64, 24: 76}


def test_prefetch() -> None:
    """Page: ZeRO-3 forward, 8 layers, compute 2; gather 1, 2 or 3, with and without a layer ahead."""
    without = [time(forward_with_gather(8, 2, g, 0)) for g in (1, 2, 3)]
    ahead = [time(forward_with_gather(8, 2, g, 1)) for g in (1, 2, 3)]
    assert without == [24, 32, 40]
    assert ahead == [17, 18, 26]
    assert [max(16, 8 * g) + min(2, g) for g in (1, 2, 3)] == ahead
    assert [time(forward_with_gather(8, 2, g, 4)) for g in (1, 2, 3)] == ahead


def test_bubbles_of_dualpipe() -> None:
    """Page: p = 16, F = 1, B = 2, W = 1, F&B = 3."""
    assert bubbles(16, 1, 2, 1, 3) == {"1F1B": 45, "ZB1P": 15, "DualPipe": 14}


def test_one_to_one() -> None:
    """Page: compute and communication of equal length, one after the other, are twice the time."""
    assert time(forward_with_gather(64, 1, 1, 0)) == 128
    assert time(forward_with_gather(64, 1, 1, 1)) == 65


GRID = {"tp": 2, "cp": 1, "dp": 2, "pp": 4}


def test_groups_equal_those_documented_by_megatron() -> None:
    """Docstring of `initialize_model_parallel`: 16 GPUs, tp = 2, pp = 4."""
    assert groups(GRID, "dp") == [[0, 2], [1, 3], [4, 6], [5, 7], [8, 10], [9, 11], [12, 14], [13, 15]]
    assert groups(GRID, "tp") == [[i, i + 1] for i in range(0, 16, 2)]
    assert groups(GRID, "pp") == [[i, i + 4, i + 8, i + 12] for i in range(4)]
    assert groups({"tp": 2, "pp": 2, "dp": 2}, "dp") == [[0, 4], [1, 5], [2, 6], [3, 7]]
    assert groups({"tp": 4, "cp": 2, "dp": 1, "pp": 1}, "cp") == [[0, 4], [1, 5], [2, 6], [3, 7]]
    assert groups({"tp": 2, "dp": 3, "pp": 4}, "dp")[-1] == [19, 21, 23]
    assert embedding_groups(GRID) == [[0, 12], [1, 13], [2, 14], [3, 15]]
    assert embedding_groups({"tp": 2, "pp": 1}) == [[0], [1]]


def test_groups_equal_slices_of_an_array() -> None:
    sizes = {"tp": 2, "cp": 3, "dp": 2, "pp": 2}
    grid = np.arange(24).reshape(2, 2, 3, 2)  # slowest first: pp, dp, cp, tp
    for axis, name in enumerate(["pp", "dp", "cp", "tp"]):
        want = {tuple(row) for row in np.moveaxis(grid, axis, -1).reshape(-1, sizes[name]).tolist()}
        assert {tuple(g) for g in groups(sizes, name)} == want
    for pp, dp, cp, tp in itertools.product(range(2), range(2), range(3), range(2)):
        assert coordinates(int(grid[pp, dp, cp, tp]), sizes) == {"tp": tp, "cp": cp, "dp": dp, "pp": pp}


def test_order_decides_who_leaves_the_node() -> None:
    """Page: 16 cards on 2 nodes; and the same grid with tp outermost."""
    for sizes, want in [(GRID, (1, 1, 2)), ({"pp": 4, "dp": 2, "tp": 2}, (2, 1, 1))]:
        assert tuple(max(nodes_touched(g) for g in groups(sizes, n)) for n in ("tp", "dp", "pp")) == want
    assert coordinates(13, GRID) == {"tp": 1, "cp": 0, "dp": 0, "pp": 3}


def test_llama3_example() -> None:
    """Page: order tp-cp-pp-dp, 16 GPUs, all of size 2."""
    sizes = {"tp": 2, "cp": 2, "pp": 2, "dp": 2}
    assert [groups(sizes, n)[0] for n in sizes] == [[0, 1], [0, 2], [0, 4], [0, 8]]


def test_choices() -> None:
    """Page: 64 cards, 32 heads, 32 layers."""
    got = choices(64, 32, 32)
    assert len(got) == 21
    assert (8, 8, 1) in got and (8, 1, 8) in got and (2, 32, 1) in got
    assert all(tp * pp * dp == 64 for tp, pp, dp in got)
    assert not any(tp == 8 for tp, _, _ in choices(64, 12, 32))  # 12 heads do not split 8 ways


def test_70b_on_512_cards() -> None:
    """Page, question: tp 8, pp 4, then ZeRO-1 over dp 16, in GB a card."""
    states = 70 * MIXED_ADAM.per_param()
    assert (states, states / 8, states / 32) == (1120, 140, 35)
    assert round(70 / 32 * MIXED_ADAM.zero(1, 16), 1) == 10.4
    assert 512 // 32 == 16


def test_seeds() -> None:
    """Page: seed 1234, tp rank 1, pp rank 2."""
    assert seeds(1234, 0, 0).tolist() == [1234, 3952]
    assert seeds(1234, 1, 2).tolist() == [1434, 4153]
    assert seeds(1234, 1, 2, dp_rank=3).tolist() == [1434, 4153]
    assert seeds(1234, 1, 2, dp_rank=3, data_parallel_random_init=True).tolist() == [1464, 4183]


def test_replicated_dropout_agrees_and_sharded_dropout_does_not() -> None:
    cards = [Streams(1234, r) for r in range(4)]
    same = [dropout_mask(c.default, (64, 64)) for c in cards]
    own = [dropout_mask(c.parallel, (64, 64)) for c in cards]
    assert all((m == same[0]).all() for m in same)
    for a, b in itertools.combinations(own, 2):
        # p² + (1 − p)² of independent masks agree
        assert (a == b).mean() == pytest.approx(0.82, abs=0.03)


def test_initialisation_and_seeds() -> None:
    """Page: cut after drawing → the same stream; draw the shard → different streams."""
    whole = np.random.default_rng(5).standard_normal((6, 8))
    right = [init_then_cut(np.random.default_rng(5), 6, 8, 2, r) for r in range(2)]
    np.testing.assert_array_equal(np.concatenate(right, axis=1), whole)
    mixed = np.concatenate([init_then_cut(np.random.default_rng(5 + r), 6, 8, 2, r) for r in range(2)], axis=1)
    assert (mixed[:, :4] == whole[:, :4]).all() and not (mixed[:, 4:] == whole[:, 4:]).any()
    equal = [init_shard(np.random.default_rng(5), 6, 8, 2) for _ in range(2)]
    assert np.linalg.matrix_rank(np.concatenate(equal, axis=1)) == 4  # both halves the same
    own = [init_shard(np.random.default_rng(5 + r), 6, 8, 2) for r in range(2)]
    assert np.linalg.matrix_rank(np.concatenate(own, axis=1)) == 6
