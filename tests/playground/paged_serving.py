"""The widget paged-serving against labs/serving/paged_trace.py."""

from __future__ import annotations

from dataclasses import asdict
from random import Random
from typing import Any

from figures.playground.paged_serving import NAMES, START, numbers
from labs.serving.paged_trace import Memory, run, totals
from labs.serving.requests import Request
from tests.playground import Check


def _draw(rng: Random) -> list[Any]:
    trace = [
        {"arrival": rng.randint(0, 20), "prompt": rng.randint(1, 20), "output": rng.randint(1, 20)}
        for _ in range(rng.randint(1, 8))
    ]
    memory = {
        "capacity": rng.randint(16, 160),
        "size": rng.choice([1, 2, 4, 7, 16]),
        "limit": rng.randint(20, 40),
        "policy": rng.choice(list(NAMES)),
    }
    return [trace, memory, rng.randint(1, 8), rng.random() < 0.3]


def _run(trace: list[dict[str, int]], memory: dict[str, Any], most: int, static: bool) -> list[dict[str, Any]]:
    return [asdict(step) for step in run([Request(**each) for each in trace], Memory(**memory), most, static)]


def _totals(trace: list[dict[str, int]], steps: list[dict[str, Any]]) -> dict[str, Any]:
    given = [Request(**each) for each in trace]
    return asdict(totals(given, run(given, Memory(64, 8, 64), 3)))


def _steps(rng: Random) -> list[Any]:
    trace, *_ = _draw(rng)
    return [trace, _run(trace, {"capacity": 64, "size": 8, "limit": 64}, 3, False)]


CHECKS = [Check("run", _draw, _run), Check("totals", _steps, _totals)]


def shown() -> list[str]:
    """Steps that the four ways take at the start."""
    return [f"{numbers(policy).steps} 步" for policy in NAMES]


def page() -> list[str]:
    """What happens in the things to try, one a line."""
    once = [Request(0, 8, 100)] * 12
    tail = [Request(0, 10, 120)] + [Request(0, 10, 12)] * 3 + [Request(4, 10, 12)] * 8
    tiny = [Request(0, 6, 8)] * 16
    grown = run(once, Memory(256, 16, 128), 16)
    small = totals(START, run(START, Memory(256, 1, 128), 16))
    tails = [totals(tail, run(tail, Memory(512, 16, 160), 4, static)) for static in (False, True)]
    blocks = [totals(tiny, run(tiny, Memory(256, size, 64), 16)).steps for size in (64, 16)]
    assert totals(tiny, run(tiny, Memory(256, 16, 64, "most"), 16)).steps == blocks[0]
    assert max(len(step.running) for step in run(START, Memory(256, 16, 128, "most"), 16)) == 2
    first = next(t for t, step in enumerate(grown) if step.preempted)
    return [
        *(f"{numbers(policy).steps} 步" for policy in ("paged", "most")),
        f"{numbers('most').used / 256:.1%}",
        f"{small.steps}，重算却从 {numbers('paged').recomputed} 个 token 变成 {small.recomputed} 个",
        f"第 {first + 1} 步开始抢占，一共重算 {totals(once, grown).recomputed} 个 token",
        f"从 {len(grown)} 变成 {len(run(once, Memory(256, 16, 128), 2))}",
        f"从 {tails[0].steps} 变成 {tails[1].steps}",
        f"从 {tails[0].latency:.4g} 步变成 {tails[1].latency:.4g} 步",
        f"要 {blocks[0]} 步；块是 16 时只要 {blocks[1]} 步",
    ]
