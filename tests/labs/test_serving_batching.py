"""Schedulers against closed forms and queueing laws; numbers of docs/serving/{batching-strategies,
prefill-decode-phases,pd-disaggregation}.md.
"""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

from figures.serving import batching_bars, chunk_gaps, pd_slo, slots_gantt
from labs.foundations.decoder_params import LLAMA3_8B
from labs.serving.batching import POLICIES, iteration_level, on_gpu, request_level
from labs.serving.disaggregation import (
    ETHERNET,
    INFINIBAND,
    NVLINK,
    apart,
    attained,
    prefill_only,
    together,
    transfer_seconds,
    transfer_share,
)
from labs.serving.requests import Request, in_system, occupancy, poisson_trace, span, throughput
from labs.serving.roofline import A100, Piece, cache_per_token


def unit(pieces: list[Piece]) -> float:
    return 1.0


@pytest.mark.parametrize("name", POLICIES)
def test_everyone_gets_all_tokens_in_order(name: str) -> None:
    trace = poisson_trace(40, 3.0, 1)
    served = POLICIES[name](trace, 8, on_gpu())
    assert {s.request for s in served} == set(trace)
    for s in served:
        assert len(s.times) == s.request.output
        assert s.request.arrival <= s.start <= s.times[0]
        assert all(g > 0 for g in s.gaps)
    busy = [(s.start, s.times[-1]) for s in served]
    assert max(sum(a <= t < b for a, b in busy) for t, _ in busy) <= 8


def test_unit_passes_in_closed_form() -> None:
    """Static: a batch lasts as long as its longest answer. Continuous, prompts riding along: greedy list scheduling."""
    outputs = [7, 2, 5, 3, 9, 1]
    trace = [Request(0.0, 4, n) for n in outputs]
    static = request_level(trace, 2, unit)
    assert max(s.times[-1] for s in static) == max(7, 2) + max(5, 3) + max(9, 1)
    one = iteration_level(trace, 6, unit)
    assert sorted(s.times[-1] for s in one) == sorted(outputs)
    mixed = iteration_level(trace, 2, unit, budget=100)  # prompts ride along: slots are never idle
    free = [0, 0]
    for n in outputs:
        slot = free.index(min(free))
        free[slot] += n
    assert max(s.times[-1] for s in mixed) == max(free)


def test_dynamic_waits_for_the_window_at_most() -> None:
    trace = [Request(t, 4, 2) for t in (0.0, 0.3, 0.9, 5.0)]
    served = request_level(trace, 3, unit, window=0.5)
    assert [s.start for s in served] == [0.5, 0.5, 2.5, 5.5]
    assert [s.start for s in request_level(trace, 3, unit)] == [0.9, 0.9, 0.9, 5.0]


def test_no_pass_exceeds_the_budget_and_decoding_never_pauses() -> None:
    sizes = list[int]()

    def spy(pieces: list[Piece]) -> float:
        sizes.append(sum(n for n, _ in pieces))
        return 1.0

    served = iteration_level(poisson_trace(30, inf, 2, prompt=50, output=20), 8, spy, budget=32)
    assert max(sizes) == 32
    assert all(g == 1.0 for s in served for g in s.gaps)


@pytest.mark.parametrize("name", POLICIES)
def test_littles_law(name: str) -> None:
    served = POLICIES[name](poisson_trace(60, 5.0, 3), 16, on_gpu())
    latency = sum(s.latency for s in served) / len(served)
    assert in_system(served) == pytest.approx(len(served) / span(served) * latency, rel=1e-9)


def test_one_prefill_gpu_is_lindleys_recursion() -> None:
    trace = poisson_trace(50, 8.0, 4, 1200)
    cost = on_gpu()
    service = np.array([cost([(r.prompt, 0)]) for r in trace])
    total, arrival = np.cumsum(service), np.array([r.arrival for r in trace])
    want = total + np.maximum.accumulate(arrival - (total - service))
    assert np.allclose(prefill_only(trace, cost), want, atol=1e-12)


def test_apart_with_a_free_link_and_no_contention_is_one_request_after_the_other() -> None:
    trace = [Request(0.0, 100, 5), Request(10.0, 50, 3)]
    served = apart(trace, 4, on_gpu(), transfer=0.0)
    alone = iteration_level(trace, 4, on_gpu())
    assert [s.times for s in served] == [pytest.approx(s.times) for s in alone]
    late = apart(trace, 4, on_gpu(), transfer=1e-3)
    assert late[0].times[1] - served[0].times[1] == pytest.approx(0.1)
    assert late[0].ttft == served[0].ttft


def test_numbers_of_the_batching_page() -> None:
    cost, backlog, steady = on_gpu(), poisson_trace(192, inf, 0), poisson_trace(192, 4.0, 0)
    assert [round(sum(getattr(r, k) for r in backlog) / 192) for k in ("prompt", "output")] == [568, 192]
    full = {name: policy(backlog, 32, cost) for name, policy in POLICIES.items()}
    load = {name: policy(steady, 32, cost) for name, policy in POLICIES.items()}
    assert [round(throughput(s)) for s in full.values()] == [408, 408, 1754, 1969]
    assert [round(100 * occupancy(s, 32)) for s in full.values()] == [42, 42, 86, 84]
    assert [round(sum(s.latency for s in served) / 192, 1) for served in load.values()] == [29.5, 21.8, 2.2, 2.0]
    assert [round(1e3 * sum(s.ttft for s in served) / 192, -1) for served in load.values()] == [26_510, 19_010, 30, 40]
    gaps = {name: np.concatenate([s.gaps for s in served]) for name, served in load.items()}
    assert [round(1e3 * float(g.max())) for g in gaps.values()] == [22, 18, 166, 25]
    assert [round(1e3 * float(np.quantile(g, 0.99))) for g in gaps.values()] == [22, 17, 37, 23]
    assert batching_bars.results()["static"][0] == throughput(full["static"])
    assert round(throughput(full["static"]) / 192) == 2  # requests per second that static batching can carry
    assert round(throughput(full["continuous"]) / throughput(full["static"]), 1) == 4.3


def test_numbers_of_the_gantt() -> None:
    cost = on_gpu()
    static, flow = (f(slots_gantt.TRACE, 4, cost) for f in (request_level, iteration_level))
    assert (round(span(static), 2), round(span(flow), 2)) == (2.0, 1.32)
    assert (round(100 * occupancy(static, 4)), round(100 * occupancy(flow, 4))) == (57, 87)


def test_numbers_of_the_chunk_section() -> None:
    whole, chunked = chunk_gaps.watch(0), chunk_gaps.watch(512)
    assert (round(1e3 * max(whole[0].gaps)), round(1e3 * max(chunked[0].gaps))) == (433, 30)
    assert (round(1e3 * whole[1].ttft), round(1e3 * chunked[1].ttft)) == (431, 441)
    trace = poisson_trace(192, 8.0, 0)
    rows = {}
    for budget in (128, 256, 512, 2048):
        served = iteration_level(trace, 32, on_gpu(), budget)
        gaps = np.concatenate([s.gaps for s in served])
        rows[budget] = round(1e3 * sum(s.ttft for s in served) / 192), round(1e3 * float(gaps.max()))
    assert rows == {128: (79, 11), 256: (42, 13), 512: (40, 26), 2048: (38, 102)}


def test_numbers_of_the_disaggregation_page() -> None:
    shares = {k: [round(100 * x) for x in v] for k, v in pd_slo.results().items()}
    assert shares == {
        "together": [98, 92, 74, 59, 38, 29],
        "chunked": [100, 100, 100, 95, 86, 75],
        "apart": [100, 100, 98, 95, 94, 90],
    }
    trace, cost = poisson_trace(80, 12, 0, 1200, 120), on_gpu()
    assert [round(sum(getattr(r, k) for r in trace) / 80) for k in ("prompt", "output")] == [1305, 176]
    move = cache_per_token(LLAMA3_8B) / INFINIBAND
    runs = [together(trace, 2, 32, cost), together(trace, 2, 32, cost, 512), apart(trace, 64, cost, move)]
    assert [round(1e3 * float(np.quantile([s.ttft for s in r], 0.9))) for r in runs] == [171, 166, 332]
    assert [round(1e3 * float(np.quantile([s.tpot for s in r], 0.9)), 1) for r in runs] == [22.6, 15.4, 13.4]
    assert [round(100 * attained(r, 0.2, 0.02)) for r in runs] == [82, 94, 66]
    times = [1e3 * transfer_seconds(LLAMA3_8B, 2048, bw) for bw in (NVLINK, INFINIBAND, ETHERNET)]
    assert [round(t, 1) for t in times] == [0.6, 5.4, 21.5]
    assert [round(100 * transfer_share(LLAMA3_8B, 2048, A100, bw), 1) for bw in (NVLINK, INFINIBAND, ETHERNET)] == [
        0.6,
        5.6,
        22.6,
    ]
    assert cache_per_token(LLAMA3_8B) * 2048 / 2**20 == 256
    mha = 4 * transfer_share(LLAMA3_8B, 2048, A100, INFINIBAND)
    assert round(100 * mha, 1) == 22.6
    assert 256 * 256 // 8 == 8192  # tokens per step so that each of 256 experts gets 256, 8 chosen per token
