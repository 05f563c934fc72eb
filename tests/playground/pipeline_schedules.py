"""The widget pipeline-schedules against labs/distributed/pipeline.py."""

from __future__ import annotations

from random import Random
from typing import Any

from figures.playground.pipeline_schedules import RUNS, peak, whole
from labs.distributed.pipeline import Op, Slot, bubble, gpipe, held, in_flight, interleaved, one_f_one_b, simulate
from tests.playground import Check


def _draw(rng: Random) -> list[Any]:
    kind = rng.choice(["gpipe", "alternate", "interleaved"])
    # As large as the widget goes, but seldom: thousands of operations.
    large = rng.random() < 0.005
    p, m = rng.randint(2, 16 if large else 6), rng.randint(1, 64 if large else 12)
    if kind == "interleaved":
        m = p * max(1, m // p)
    return [kind, p, m, rng.randint(2, 4), rng.randint(1, 8) / 2]


def _orders(kind: str, p: int, m: int, v: int) -> list[list[Op]]:
    return {"gpipe": lambda: gpipe(p, m), "alternate": lambda: one_f_one_b(p, m)}.get(
        kind, lambda: interleaved(p, m, v)
    )()


def _slots(kind: str, p: int, m: int, v: int, backward: float) -> list[Slot]:
    return simulate(_orders(kind, p, m, v), v if kind == "interleaved" else 1, backward=backward)


def _told(slots: list[Slot]) -> list[dict[str, Any]]:
    return [{"card": s.card, **vars(s.op), "start": s.start, "end": s.end} for s in slots]


def _heard(slots: list[dict[str, Any]]) -> list[Slot]:
    return [Slot(s["card"], Op(s["kind"], s["micro"], s["chunk"]), s["start"], s["end"]) for s in slots]


def _run(rng: Random) -> list[Any]:
    """A whole schedule, its cards and its chunks a card."""
    kind, p, m, v, backward = _draw(rng)
    return [_told(_slots(kind, p, min(m, 2 * p), v, backward)), p, v if kind == "interleaved" else 1]


def _one(rng: Random) -> list[Any]:
    slots, p, v = _run(rng)
    return [slots, rng.randrange(p), v]


def _measures(told: list[dict[str, Any]], p: int, v: int) -> dict[str, Any]:
    slots = _heard(told)
    peaks = [in_flight(slots, card, v) for card in range(p)]
    return {"total": max(s.end for s in slots), "bubble": bubble(slots)[1], "peaks": peaks}


CHECKS = [
    Check("schedule", _draw, lambda *given: _told(_slots(*given))),
    Check("measures", _run, _measures),
    Check("held", _one, lambda told, card, v: held(_heard(told), card, v)),
]


def shown() -> list[str]:
    """Total time and idle share of the three schedules at the start, and what card 0 holds."""
    return [text for slots, v in RUNS.values() for text in (whole(slots), peak(slots, v))]


def page() -> list[str]:
    """What happens in the things to try, one a line."""

    def share(*setting: Any) -> str:
        return f"{bubble(_slots(*setting))[1]:.1%}"

    def most(card: int, *setting: Any) -> str:
        return f"{in_flight(_slots(*setting), card, setting[3] if setting[0] == 'interleaved' else 1):.4g}"

    def total(*setting: Any) -> str:
        return f"{max(slot.end for slot in _slots(*setting)):.4g}"

    flush, turns = ("gpipe", 4, 8, 1, 2), ("alternate", 4, 8, 1, 2)
    two, four = ("interleaved", 4, 8, 2, 2), ("interleaved", 4, 8, 4, 2)
    few, many = ("alternate", 8, 8, 1, 2), ("alternate", 8, 64, 1, 2)
    again = ("alternate", 4, 8, 1, 3)
    full = min(slot.start for slot in _slots(*flush) if slot.op.kind == "B")
    assert {max(n for t, n in held(_slots(*flush), card) if t <= full) for card in range(4)} == {8}
    assert (total(*flush), share(*flush)) == (total(*turns), share(*turns))
    assert most(0, *few) == most(0, *many)
    return [
        f"总时间都是 {total(*turns)}，气泡都占 {share(*turns)}",
        f"可卡 0 压着的微批从 {most(0, *turns)} 个变成 {most(0, *flush)} 个",
        f"$t={full:.4g}$，四张卡都压满了 {most(3, *flush)} 个，第一个反向才开始",
        f"总时间 {total(*two)}，气泡 {share(*two)}，卡 0 压 {most(0, *two)} 个",
        f"气泡从 {share(*two)} 降到 {share(*four)}，卡 0 压的反而从 {most(0, *two)} 个降到 {most(0, *four)} 个",
        f"从 {most(3, *two)} 个到 {most(3, *four)} 个，而 1F1B 里它只压 {most(3, *turns)} 个",
        f"气泡从 {share(*few)} 降到 {share(*many)}，1F1B 的卡 0 始终压 {most(0, *many)} 个",
        f"换成 GPipe 就要压 {most(0, 'gpipe', 8, 64, 1, 2)} 个",
        f"1F1B 的总时间从 {total(*turns)} 变成 {total(*again)}，气泡仍占 {share(*again)}",
    ]
