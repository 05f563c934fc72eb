r"""Prefill and decoding on separate GPUs: no decoding step waits for a prompt, and the cache has to travel.

Sources: Zhong et al., *DistServe* (arXiv:2401.09670), sections 2 and 3; Patel et al., *Splitwise* (arXiv:2311.18677),
section IV. Two GPUs either way; the clock is the roofline of labs/serving/roofline.py.
"""

from __future__ import annotations

from labs.foundations.decoder_params import Decoder
from labs.serving.batching import Cost, iteration_level
from labs.serving.requests import Request, Served
from labs.serving.roofline import Gpu, cache_per_token, work

NVLINK = 450e9  # bytes/s in one direction, fourth generation (900 GB/s both ways)
INFINIBAND = 50e9  # 400 Gb/s
ETHERNET = 12.5e9  # 100 Gb/s


# --8<-- [start:together]
def together(trace: list[Request], gpus: int, slots: int, cost: Cost, budget: int = 0) -> list[Served]:
    """Every GPU does both phases for its share of the requests, dealt out in turn."""
    return [s for g in range(gpus) for s in iteration_level(trace[g::gpus], slots, cost, budget)]


# --8<-- [end:together]


# --8<-- [start:apart]
def prefill_only(trace: list[Request], cost: Cost) -> list[float]:
    """When each prompt is done on one prefill GPU, one prompt at a time, first come, first served."""
    now, ends = 0.0, list[float]()
    for r in trace:
        now = max(now, r.arrival) + cost([(r.prompt, 0)])
        ends.append(now)
    return ends


def apart(trace: list[Request], slots: int, cost: Cost, transfer: float) -> list[Served]:
    """One GPU prefills and gives the first token; the cache moves in `transfer` s per token; another GPU decodes."""
    ready = [(end + transfer * r.prompt, end, r) for end, r in zip(prefill_only(trace, cost), trace, strict=True)]
    waiting = sorted(ready, key=lambda item: item[0])
    now, running, done = 0.0, list[Served](), list[Served]()
    while waiting or running:
        if not running:
            now = max(now, waiting[0][0])
        while waiting and waiting[0][0] <= now and len(running) < slots:
            _, first, r = waiting.pop(0)
            running.append(Served(r, now, r.prompt, [first]))
        done += [s for s in running if len(s.times) >= s.request.output]
        running = [s for s in running if len(s.times) < s.request.output]
        if running:
            now += cost([(1, s.past) for s in running])
        for s in running:
            s.past += 1
            s.times.append(now)
    return done


# --8<-- [end:apart]


# --8<-- [start:goodput]
def attained(served: list[Served], ttft: float, tpot: float) -> float:
    """Share of the requests that met both targets."""
    return sum(s.ttft <= ttft and s.tpot <= tpot for s in served) / len(served)


# --8<-- [end:goodput]


# --8<-- [start:transfer]
def transfer_seconds(model: Decoder, prompt: int, bandwidth: float) -> float:
    """Seconds to move the 16-bit cache of a prompt over a link of `bandwidth` bytes/s."""
    return cache_per_token(model) * prompt / bandwidth


def transfer_share(model: Decoder, prompt: int, gpu: Gpu, bandwidth: float) -> float:
    """The same as a share of the time that the prompt's prefill takes at least."""
    return transfer_seconds(model, prompt, bandwidth) / work(model, [(prompt, 0)]).seconds(gpu)


# --8<-- [end:transfer]
