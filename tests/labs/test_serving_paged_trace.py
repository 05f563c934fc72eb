"""The step-by-step run against the totals of the fragmentation lab and the schedules of the batching lab."""

from __future__ import annotations

import random

import pytest

from labs.serving.batching import iteration_level, request_level
from labs.serving.fragmentation import Job, Tally, contiguous, paged, pow2
from labs.serving.fragmentation import trace as lengths
from labs.serving.paged_trace import Memory, Step, run, totals
from labs.serving.requests import Request, Served

CAPACITY, LIMIT = 8000, 2048
JOBS = lengths(60, 3)
AT_ONCE = [Request(0, job.prompt, job.output) for job in JOBS]


def tally(steps: list[Step], jobs: list[Job], reserved: bool) -> Tally:
    """The shares of the fragmentation lab, counted from the steps."""
    busy = [step for step in steps if step.waiting]
    out = Tally(steps=len(steps), recomputed=sum(step.recomputed for step in steps), busy=len(busy))
    for each in (each for step in busy for each in step.running):
        last = jobs[each.request].last if reserved else each.tokens
        out.used += each.tokens / len(busy) / CAPACITY
        out.later += (last - each.tokens) / len(busy) / CAPACITY
        out.never += (each.slots - last) / len(busy) / CAPACITY
        out.running += 1 / len(busy)
    out.free = 1 - out.used - out.later - out.never
    return out


@pytest.mark.parametrize("policy", ["paged", "most", "pow2", "exact"])
def test_the_steps_add_up_to_the_fragmentation_lab(policy: str) -> None:
    memory = Memory(CAPACITY, 16, LIMIT, policy)
    expected = contiguous(JOBS, CAPACITY, memory.reserve) if memory.reserve else paged(JOBS, CAPACITY, 16)
    found = tally(run(AT_ONCE, memory, 1000), JOBS, bool(memory.reserve))
    for name in ("used", "later", "never", "free", "running", "steps", "recomputed", "busy"):
        assert getattr(found, name) == pytest.approx(getattr(expected, name)), name
    assert memory.reserve is None or memory.reserve(5, 9) == {"most": LIMIT, "pow2": pow2(5, 9), "exact": 14}[policy]


@pytest.mark.parametrize("static", [False, True])
def test_with_memory_to_spare_it_is_the_batching_lab_at_one_second_a_pass(static: bool) -> None:
    rng = random.Random(0)
    for _ in range(20):
        arrivals = sorted(rng.randint(0, 60) for _ in range(12))
        trace = [Request(at, rng.randint(1, 30), rng.randint(1, 40)) for at in arrivals]
        steps = run(trace, Memory(100_000, 16, 100), 4, static)
        start = {i: t for t, step in enumerate(steps) for i in step.admitted}
        end = {i: t + 1 for t, step in enumerate(steps) for i in step.finished}

        def second(pieces: object) -> float:
            return 1.0

        served: list[Served] = (
            request_level(trace, 4, second, window=0) if static else iteration_level(trace, 4, second, budget=10**9)
        )
        expected = sorted((s.request.arrival, s.request.prompt, s.start, s.times[-1]) for s in served)
        assert sorted((r.arrival, r.prompt, start[i], end[i]) for i, r in enumerate(trace)) == expected
        latency = sum(s.latency for s in served) / len(served)
        assert totals(trace, steps).latency == pytest.approx(latency)
        assert totals(trace, steps).steps == max(s.times[-1] for s in served)


def test_no_slot_has_two_owners_and_every_request_ends_once() -> None:
    rng = random.Random(1)
    for _ in range(100):
        trace = [Request(rng.randint(0, 20), rng.randint(1, 30), rng.randint(1, 60)) for _ in range(9)]
        memory = Memory(rng.randint(60, 200), rng.choice([1, 3, 8, 16]), 80, rng.choice(["paged", "most", "pow2"]))
        steps = run(trace, memory, rng.randint(1, 9), rng.random() < 0.3)
        for step in steps:
            taken = [
                slot
                for each in step.running
                for slot in (
                    range(each.places[0], each.places[0] + each.slots)
                    if memory.reserve
                    else [block * memory.size + slot for block in each.places for slot in range(memory.size)]
                )
            ]
            assert len(taken) == len(set(taken)) <= memory.capacity
            assert all(each.tokens < each.slots for each in step.running)
        fitting = [i for i, r in enumerate(trace) if memory.takes(Job(r.prompt, r.output))]
        assert sorted(i for step in steps for i in step.finished) == fitting


def test_what_can_never_fit_is_left_out() -> None:
    trace = [Request(0, 50, 50), Request(0, 5, 5)]
    for policy, capacity in (("paged", 96), ("exact", 99), ("pow2", 113)):
        assert [i for step in run(trace, Memory(capacity, 16, 200, policy), 4) for i in step.finished] == [1]
        assert len([i for step in run(trace, Memory(128, 16, 200, policy), 4) for i in step.finished]) == 2
    assert run(trace, Memory(128, 16, 9), 4) == []
    assert totals(trace, []).steps == 0
