r"""The same requests under contiguous reservation and under paging: what the memory holds, step by step.

Source: Kwon et al., *PagedAttention* (arXiv:2309.06180), section 3.1 (reserved, internal and external fragmentation;
the reservations of Orca: maximum, power of two, oracle) and section 4.5 (preemption by recomputation).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

Reserve = Callable[[int, int], int]  # (prompt, output) → slots set aside at admission


@dataclass
class Job:
    """A request; `tokens` of it are (or were) in the cache, its `last` length is known to the oracle alone."""

    prompt: int
    output: int
    start: int = 0  # first slot of a contiguous reservation
    slots: int = 0  # slots reserved, or blocks held
    tokens: int = 0

    @property
    def last(self) -> int:
        return self.prompt + self.output


@dataclass
class Tally:
    """Mean shares of the memory and mean requests at once while a queue waited; totals over the whole run."""

    used: float = 0
    later: float = 0  # will be used by its owner, is empty now
    never: float = 0  # set aside and never used
    free: float = 0
    scattered: float = 0  # part of `free` that would do for the next request if it were in one piece
    running: float = 0
    steps: int = 0
    recomputed: int = 0
    busy: int = 0


def trace(n: int, seed: int, limit: int = 2048) -> list[Job]:
    """Log-normal lengths: prompts around 128, outputs around 256, the sum at most `limit`."""
    rng = np.random.default_rng(seed)
    prompts = np.clip(rng.lognormal(np.log(128), 1.0, n).astype(int), 8, limit // 2)
    outputs = np.clip(rng.lognormal(np.log(256), 0.8, n).astype(int), 8, limit // 2)
    return [Job(int(p), int(o), tokens=int(p)) for p, o in zip(prompts, outputs, strict=True)]


def pow2(prompt: int, output: int) -> int:
    """Room for the prompt and the next power of two of the output."""
    return prompt + (1 << (output - 1).bit_length())


# --8<-- [start:contiguous]
def first_fit(running: list[Job], need: int, capacity: int) -> int:
    """Start of the first hole of `need` slots between the reservations, or −1."""
    at = 0
    for job in sorted(running, key=lambda j: j.start):
        if job.start - at >= need:
            return at
        at = job.start + job.slots
    return at if capacity - at >= need else -1


def contiguous(jobs: list[Job], capacity: int, reserve: Reserve) -> Tally:
    """Each request gets one piece of memory for its whole life; first come, first served."""
    waiting, running, tally, gone = [replace(j) for j in jobs], list[Job](), Tally(), True
    while waiting or running:
        while waiting and gone:
            need = reserve(waiting[0].prompt, waiting[0].output)
            start = first_fit(running, need, capacity)
            if start < 0:
                break
            job = waiting.pop(0)
            job.start, job.slots = start, need
            running.append(job)
        if waiting:  # the shares describe a full house
            free = capacity - sum(j.slots for j in running)
            tally.used += sum(j.tokens for j in running)
            tally.later += sum(j.last - j.tokens for j in running)
            tally.never += sum(j.slots - j.last for j in running)
            tally.free += free
            tally.scattered += free if free >= reserve(waiting[0].prompt, waiting[0].output) else 0
        before = len(running)
        running = step(running, tally, bool(waiting))
        gone = len(running) < before
    return shares(tally, capacity)


# --8<-- [end:contiguous]


# --8<-- [start:paged]
def paged(jobs: list[Job], capacity: int, size: int) -> Tally:
    """Blocks on demand; when none is left, the request that came last gives up its blocks and computes them again."""
    waiting, running, tally, blocks = [replace(j) for j in jobs], list[Job](), Tally(), capacity // size
    while waiting or running:
        for job in running:
            job.slots = job.tokens // size + 1  # room for the next token
        while sum(j.slots for j in running) > blocks:
            tally.recomputed += running[-1].tokens
            waiting.insert(0, running.pop())  # back to the head of the queue, its text is kept
        while waiting and sum(j.slots for j in running) + waiting[0].tokens // size + 1 <= blocks:
            job = waiting.pop(0)
            job.slots = job.tokens // size + 1
            running.append(job)
        if waiting:
            tokens, held = sum(j.tokens for j in running), size * sum(j.slots for j in running)
            tally.used += tokens
            tally.never += held - tokens
            tally.free += capacity - held
        running = step(running, tally, bool(waiting))
    return shares(tally, capacity)


# --8<-- [end:paged]


def step(running: list[Job], tally: Tally, busy: bool) -> list[Job]:
    """Every request gets a token; the finished ones leave."""
    for job in running:
        job.tokens += 1
    tally.steps += 1
    tally.busy += busy
    tally.running += len(running) if busy else 0
    return [j for j in running if j.tokens < j.last]


def shares(tally: Tally, capacity: int) -> Tally:
    """Sums over the busy steps to means."""
    busy = max(tally.busy, 1)
    names = ("used", "later", "never", "free", "scattered")
    means = {name: getattr(tally, name) / busy / capacity for name in names}
    return replace(tally, running=tally.running / busy, **means)
