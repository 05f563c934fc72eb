r"""A handful of requests step by step: who runs, who waits, and what every slot of the cache memory holds.

The memory is given out in blocks (the pool of labs/serving/paged_cache.py) or in one piece per request (as in
labs/serving/fragmentation.py); seats are refilled before every step, or only when the whole batch has left.
Sources: Kwon et al., *PagedAttention* (arXiv:2309.06180), sections 3.1, 4.3 and 4.5; Yu et al., *Orca* (OSDI 2022).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from labs.serving.fragmentation import Job, Reserve, first_fit, pow2
from labs.serving.paged_cache import Pool
from labs.serving.requests import Request


@dataclass(frozen=True)
class Held:
    """A request in memory as a step begins: its tokens, the slots set aside, and its blocks or its first slot."""

    request: int
    tokens: int
    slots: int
    places: list[int]


@dataclass
class Step:
    """One pass of the model, in which every running request gets a token; requests are known by their number."""

    running: list[Held] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)
    admitted: list[int] = field(default_factory=list)
    preempted: list[int] = field(default_factory=list)
    finished: list[int] = field(default_factory=list)
    recomputed: int = 0


@dataclass(frozen=True)
class Memory:
    """`capacity` slots in blocks of `size`; `limit` tokens are the most that a request may have."""

    capacity: int
    size: int
    limit: int
    policy: str = "paged"

    @property
    def reserve(self) -> Reserve | None:
        """Slots set aside for a request at once; None if it gets blocks as it grows."""
        return {
            "paged": None,
            "most": lambda p, o: self.limit,
            "pow2": lambda p, o: min(pow2(p, o), self.limit),
            "exact": lambda p, o: p + o,
        }[self.policy]

    def blocks(self, tokens: int) -> int:
        """Blocks for so many tokens and the next one."""
        return tokens // self.size + 1

    def takes(self, job: Job) -> bool:
        """Whether a request fits into the memory when it is alone."""
        if job.last > self.limit:
            return False
        if self.reserve:
            return self.reserve(job.prompt, job.output) <= self.capacity
        return self.blocks(job.last - 1) <= self.capacity // self.size


# --8<-- [start:run]
def run(trace: Sequence[Request], memory: Memory, most: int, static: bool = False) -> list[Step]:
    """All steps until the last token; at most `most` requests at once, those that can never fit are left out."""
    jobs = [Job(r.prompt, r.output, tokens=r.prompt) for r in trace]
    coming = sorted((i for i, job in enumerate(jobs) if memory.takes(job)), key=lambda i: trace[i].arrival)
    pool, tables = Pool(memory.capacity // memory.size, memory.size, 1), dict[int, list[int]]()
    waiting, running, steps = list[int](), list[int](), list[Step]()
    while coming or waiting or running:
        step = Step()
        while coming and trace[coming[0]].arrival <= len(steps):
            waiting.append(coming.pop(0))
        if not memory.reserve:  # everybody needs room for the next token; who came last gives way
            while sum(memory.blocks(jobs[i].tokens) - len(tables[i]) for i in running) > len(pool.free):
                last = running.pop()
                step.preempted.append(last)
                step.recomputed += jobs[last].tokens
                waiting.insert(0, last)
                leave(pool, tables.pop(last))
            for i in running:
                grow(pool, tables[i], memory.blocks(jobs[i].tokens))
        open_seats = most - len(running) if not static or not running else 0
        while waiting and open_seats and place(jobs, waiting[0], running, memory, pool, tables):
            step.admitted.append(waiting[0])
            running.append(waiting.pop(0))
            open_seats -= 1
        step.waiting = list(waiting)
        step.running = [held(i, jobs[i], tables.get(i), memory.size) for i in running]
        for i in running:
            jobs[i].tokens += 1
        step.finished = [i for i in running if jobs[i].tokens == jobs[i].last]
        running = [i for i in running if jobs[i].tokens < jobs[i].last]
        for i in step.finished:
            leave(pool, tables.pop(i, []))
        steps.append(step)
    return steps


def place(
    jobs: list[Job], new: int, running: list[int], memory: Memory, pool: Pool, tables: dict[int, list[int]]
) -> bool:
    """Find memory for a request that waits, if there is."""
    job = jobs[new]
    if memory.reserve:
        job.slots = memory.reserve(job.prompt, job.output)
        job.start = first_fit([jobs[i] for i in running], job.slots, memory.capacity)
        return job.start >= 0
    fits = memory.blocks(job.tokens) <= len(pool.free)
    if fits:
        grow(pool, tables.setdefault(new, []), memory.blocks(job.tokens))
    return fits


def grow(pool: Pool, table: list[int], blocks: int) -> None:
    """Take blocks until the table has so many."""
    table += [pool.take() for _ in range(blocks - len(table))]


def leave(pool: Pool, table: list[int]) -> None:
    """Give the blocks back."""
    for block in reversed(table):
        pool.drop(block)


# --8<-- [end:run]


def held(request: int, job: Job, table: list[int] | None, size: int) -> Held:
    """What a step notes of a running request."""
    if table is None:
        return Held(request, job.tokens, job.slots, [job.start])
    return Held(request, job.tokens, size * len(table), list(table))


@dataclass(frozen=True)
class Totals:
    """Steps; requests at once and slots with a token, both per step; tokens computed again; steps till a request ends,
    on average.
    """

    steps: int
    running: float
    used: float
    recomputed: int
    latency: float


def totals(trace: Sequence[Request], steps: Sequence[Step]) -> Totals:
    """A run in five numbers; zeros if no request fitted."""
    ends = {i: t + 1 - trace[i].arrival for t, step in enumerate(steps) for i in step.finished}
    if not ends:
        return Totals(0, 0.0, 0.0, 0, 0.0)
    running = sum(len(step.running) for step in steps) / len(steps)
    used = sum(each.tokens for step in steps for each in step.running) / len(steps)
    recomputed = sum(step.recomputed for step in steps)
    return Totals(len(steps), running, used, recomputed, sum(ends.values()) / len(ends))
