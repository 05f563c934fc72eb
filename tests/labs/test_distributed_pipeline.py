"""Pipeline schedules against published formulas, training against PyTorch; docs/distributed/pipeline-parallel.md."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from labs.distributed.microbatch_norm import change, mini_batch_statistics
from labs.distributed.pipeline import Op, Slot, bubble, gpipe, held, in_flight, interleaved, one_f_one_b, simulate
from labs.distributed.pipeline_train import gpipe_peak, run

Schedule = Callable[[int, int], list[list[Op]]]
SHAPES = [(2, 2), (4, 4), (4, 8), (8, 32), (3, 7), (4, 2)]


@pytest.mark.parametrize(("p", "m"), SHAPES)
@pytest.mark.parametrize("schedule", [gpipe, one_f_one_b])
def test_bubble_formulas(schedule: Schedule, p: int, m: int) -> None:
    """(p − 1)/m of the working time, (p − 1)/(m + p − 1) of the whole."""
    slots = simulate(schedule(p, m))
    np.testing.assert_allclose(bubble(slots), [(p - 1) / m, (p - 1) / (m + p - 1)], rtol=1e-12)


@pytest.mark.parametrize(("p", "m"), [(2, 2), (4, 4), (4, 8), (4, 16), (8, 32)])
@pytest.mark.parametrize("v", [2, 4])
def test_interleaved_bubble_formulas(p: int, m: int, v: int) -> None:
    slots = simulate(interleaved(p, m, v), v)
    np.testing.assert_allclose(bubble(slots), [(p - 1) / (v * m), (p - 1) / (v * m + p - 1)], rtol=1e-12)


@pytest.mark.parametrize(("p", "m"), SHAPES)
def test_in_flight(p: int, m: int) -> None:
    """GPipe keeps m, 1F1B min(m, p − s) on stage s."""
    flush, alternate = simulate(gpipe(p, m)), simulate(one_f_one_b(p, m))
    assert [in_flight(flush, s) for s in range(p)] == [m] * p
    assert [in_flight(alternate, s) for s in range(p)] == [min(m, p - s) for s in range(p)]


@pytest.mark.parametrize("v", [2, 4])
def test_in_flight_interleaved(v: int) -> None:
    """Korthikanti et al.: 1 + (p − 1)/(pv) times the memory of 1F1B on the first stage."""
    p = 4
    assert in_flight(simulate(interleaved(p, 16, v), v), 0, v) == p * (1 + (p - 1) / (p * v))


@pytest.mark.parametrize(("orders", "v"), [(gpipe(3, 5), 1), (one_f_one_b(4, 6), 1), (interleaved(3, 6, 3), 3)])
@pytest.mark.parametrize("backward", [0.5, 2])
def test_held_counts_forwards_begun_less_backwards_ended(orders: list[list[Op]], v: int, backward: float) -> None:
    slots = simulate(orders, v, backward=backward)
    for card in range(len(orders)):
        mine, steps = [s for s in slots if s.card == card], held(slots, card, v)
        assert [time for time, _ in steps] == sorted(time for time, _ in steps)
        assert steps[-1] == (max(s.end for s in mine), 0)
        for (time, count), (after, _) in pairwise(steps):
            if time < after:
                begun = sum(s.op.kind == "F" and s.start <= time for s in mine)
                assert count * v == pytest.approx(begun - sum(s.op.kind == "B" and s.end <= time for s in mine))


@pytest.mark.parametrize("backward", [0.5, 1, 1.5, 3])
def test_the_bubble_does_not_depend_on_the_time_of_a_backward(backward: float) -> None:
    for p, m, v in [(2, 2, 1), (4, 8, 1), (16, 3, 1), (16, 64, 1), (2, 4, 3), (5, 10, 2), (16, 16, 4)]:
        expected = pytest.approx((p - 1) / (m * v + p - 1))
        assert bubble(simulate(interleaved(p, m, v), v, backward=backward))[1] == expected
        assert v > 1 or bubble(simulate(gpipe(p, m), backward=backward))[1] == expected


@pytest.mark.parametrize(("p", "m", "v"), [(2, 2, 3), (4, 4, 2), (4, 8, 2), (4, 16, 4), (5, 10, 3), (16, 16, 4)])
def test_in_flight_interleaved_on_every_card(p: int, m: int, v: int) -> None:
    """Page in the playground: what is run ahead and one more, of chunks; all there are if they are fewer."""
    slots = simulate(interleaved(p, m, v), v)
    expected = [min(m, (2 * (p - 1 - s) + (v - 1) * p + 1) / v) for s in range(p)]
    assert [in_flight(slots, s, v) for s in range(p)] == pytest.approx(expected)


def test_orders_are_complete_and_never_overlap() -> None:
    for slots in (simulate(gpipe(4, 8)), simulate(one_f_one_b(4, 8)), simulate(interleaved(4, 8, 2), 2)):
        for card in range(4):
            mine = sorted((s for s in slots if s.card == card), key=lambda s: s.start)
            assert len({s.op for s in mine}) == len(mine) == 2 * 8 * (len(slots) // 64)
            assert all(a.end <= b.start + 1e-12 for a, b in pairwise(mine))


def test_an_impossible_order_is_reported() -> None:
    with pytest.raises(RuntimeError, match="waits for itself"):
        simulate([[Op("B", 0), Op("F", 0)]])
    with pytest.raises(ValueError, match="multiple of p"):
        interleaved(4, 6, 2)


def test_numbers_of_the_page() -> None:
    """Gantt of p = 4, m = 8; p = 8 with m = 8, 32, 64; naive model parallelism is m = 1."""
    three = [(gpipe(4, 8), 1), (one_f_one_b(4, 8), 1), (interleaved(4, 8, 2), 2)]
    ends = [max(s.end for s in simulate(orders, v)) for orders, v in three]
    assert ends == [33, 33, 28.5]
    assert [bubble(simulate(one_f_one_b(4, 8)))[i] for i in (0, 1)] == [pytest.approx(3 / 8), pytest.approx(3 / 11)]
    assert bubble(simulate(interleaved(4, 8, 2), 2))[1] == pytest.approx(3 / 19)
    got = [tuple(round(100 * x, 1) for x in bubble(simulate(one_f_one_b(8, m)))) for m in (8, 32, 64)]
    assert got == [(87.5, 46.7), (21.9, 17.9), (10.9, 9.9)]
    assert bubble(simulate(gpipe(4, 1)))[1] == pytest.approx(3 / 4)
    assert [round(100 * (p - 1) / (5 * p - 1), 1) for p in (4, 8, 64)] == [15.8, 17.9, 19.7]


@pytest.mark.parametrize("recompute", [False, True])
@pytest.mark.parametrize("schedule", ["gpipe", "1f1b"])
def test_gradients_equal_one_big_batch(schedule: str, recompute: bool) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    x, weights = rng.standard_normal((16, 5)), list(rng.standard_normal((8, 5, 5)) / 2)
    leaves = [torch.tensor(w, requires_grad=True) for w in weights]
    h = torch.tensor(x)
    for leaf in leaves:
        h = torch.tanh(h @ leaf)
    h.sum().backward()
    slots = simulate(gpipe(4, 8) if schedule == "gpipe" else one_f_one_b(4, 8))
    cards = run(x, weights, slots, 4, 8, recompute)
    for got, leaf in zip((g for c in cards for g in c.grads), leaves, strict=True):
        np.testing.assert_allclose(got, leaf.grad.numpy(), atol=1e-12)


def peaks(slots: list[Slot], recompute: bool, layers: int = 24) -> list[int]:
    """Rows of activations of every card, p = 4, m = 8, a batch of 64 rows."""
    x, weights = np.zeros((64, 2)), [np.eye(2)] * layers
    return [c.peak for c in run(x, weights, slots, 4, 8, recompute)]


def test_peak_activations() -> None:
    """Page: table in units of the batch's N rows (N = 64), 24 layers, 4 stages, 8 microbatches."""
    flush, alternate = simulate(gpipe(4, 8)), simulate(one_f_one_b(4, 8))
    assert [p / 64 for p in peaks(flush, False)] == [7, 7, 7, 7]  # L/K outputs and the input
    assert [p / 64 for p in peaks(flush, True)] == [1.75] * 4
    assert [p / 64 for p in peaks(alternate, False)] == [3.5, 2.625, 1.75, 0.875]
    assert [p / 64 for p in peaks(alternate, True)] == [1.25, 1.125, 1.0, 0.875]
    # GPipe’s N + (L/K)(N/M): all stage inputs, and what one microbatch’s recomputation adds
    assert gpipe_peak(64, 24, 4, 8) == 64 + 6 * 8 == peaks(flush, True)[0]


def test_benefit_of_depth() -> None:
    """Page: N without microbatches and recomputation is L/K + 1; the ratio grows with L/K."""
    got = [(layers // 4 + 1) / (gpipe_peak(1, layers, 4, 8)) for layers in (8, 24, 96)]
    assert [round(r, 1) for r in got] == [2.4, 4.0, 6.2]


def test_batchnorm_changes_layernorm_does_not() -> None:
    """Page: root mean square change of the output, 64 rows in 1, 4, 16 microbatches."""
    x = np.random.default_rng(0).standard_normal((64, 200))
    assert [round(change(x, m, "batch"), 2) for m in (1, 4, 16)] == [0, 0.27, 0.62]
    assert [change(x, m, "layer") for m in (1, 4, 16)] == [0, 0, 0]
    mean, var = mini_batch_statistics(x, 16)
    np.testing.assert_allclose(mean, x.mean(axis=0), atol=1e-13)
    np.testing.assert_allclose(var, x.var(axis=0), atol=1e-13)
