r"""One trace of requests under static, dynamic and continuous batching, and with chunked prefill.

Sources: Yu et al., *Orca* (OSDI 2022), section 3 (scheduling by iteration); Agrawal et al., *Sarathi-Serve*
(arXiv:2403.02310), section 4 (chunks and a token budget). The clock is the roofline of labs/serving/roofline.py.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf

from labs.foundations.decoder_params import LLAMA3_8B, Decoder
from labs.serving.requests import Request, Served
from labs.serving.roofline import A100, Gpu, Piece, work

Cost = Callable[[list[Piece]], float]


def on_gpu(gpu: Gpu = A100, model: Decoder = LLAMA3_8B) -> Cost:
    """Seconds of a pass on this GPU at the roofline."""
    return lambda pieces: work(model, pieces).seconds(gpu)


# --8<-- [start:request_level]
def request_level(trace: list[Request], slots: int, cost: Cost, window: float = inf) -> list[Served]:
    """Static batching: wait for `slots` requests, finish them all, then the next batch.

    A finite `window` makes it dynamic: the oldest request waits no longer than that for company.
    """
    now, done = 0.0, list[Served]()
    while len(done) < len(trace):
        rest = trace[len(done) : len(done) + slots]
        complete = rest[-1].arrival if len(rest) == slots or window == inf else inf  # the end of the trace is no news
        start = max(now, min(complete, rest[0].arrival + window))
        batch = [Served(r, start) for r in rest if r.arrival <= start]
        width = max(s.request.prompt for s in batch)  # shorter prompts are padded
        now = start + cost([(width, 0)] * len(batch))
        for i in range(max(s.request.output for s in batch)):
            if i:
                now += cost([(1, width + i - 1)] * len(batch))  # finished rows still take part
            for s in batch:
                if i < s.request.output:
                    s.times.append(now)
        done += batch
    return done


# --8<-- [end:request_level]


# --8<-- [start:iteration_level]
def iteration_level(trace: list[Request], slots: int, cost: Cost, budget: int = 0) -> list[Served]:
    """Continuous batching: before every pass, finished requests leave and waiting ones take their slots.

    budget = 0: new prompts go first, whole, and decoding waits. Otherwise a pass carries at most `budget` tokens:
    one for every request that decodes, the rest for chunks of prompts.
    """
    now, waiting, running, done = 0.0, list(trace), list[Served](), list[Served]()
    while waiting or running:
        if not running:
            now = max(now, waiting[0].arrival)
        while waiting and waiting[0].arrival <= now and len(running) < slots:
            running.append(Served(waiting.pop(0), now))
        fresh = [s for s in running if s.past < s.request.prompt]
        plan = [(s, 1) for s in running if s.past >= s.request.prompt]
        if not budget and fresh:
            plan = [(s, s.request.prompt) for s in fresh]
        elif budget:
            left = max(budget - len(plan), 0)
            for s in fresh:
                n = min(left, s.request.prompt - s.past)
                if n:
                    plan.append((s, n))
                    left -= n
        now += cost([(n, s.past) for s, n in plan])
        for s, n in plan:
            s.past += n
            if s.past >= s.request.prompt:
                s.times.append(now)
        done += [s for s in running if len(s.times) == s.request.output]
        running = [s for s in running if len(s.times) < s.request.output]
    return done


# --8<-- [end:iteration_level]


POLICIES: dict[str, Callable[[list[Request], int, Cost], list[Served]]] = {
    "static": request_level,
    "dynamic": lambda trace, slots, cost: request_level(trace, slots, cost, window=0.5),
    "continuous": iteration_level,
    "chunked": lambda trace, slots, cost: iteration_level(trace, slots, cost, budget=512),
}
