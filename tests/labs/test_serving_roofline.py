"""FLOPs as PyTorch counts them, causal pairs one by one; numbers of docs/serving/{inference-optimization-taxonomy,
prefill-decode-phases,kv-cache,operator-fusion-gemm}.md.
"""

from __future__ import annotations

import pytest

from labs.foundations.decoder_params import LLAMA3_8B, llama
from labs.serving.levers import Server, kept, levers
from labs.serving.roofline import A100, H100, cache_per_token, decode_step, largest_batch, work

TINY = llama("tiny", layers=3, h=16, heads=4, ffn=24, vocab=50, kv_share=2)


def test_flops_of_a_decoding_step_are_those_that_torch_counts() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    counter_module = pytest.importorskip("torch.utils.flop_counter", reason="needs torch==2.13.0")
    b, past, d = 5, 11, 4
    z = torch.zeros
    with counter_module.FlopCounterMode(display=False) as counter:
        x = z(b, 16)
        for _ in range(3):
            q, k, v = x @ z(16, 16), x @ z(16, 8), x @ z(16, 8)
            assert k.shape == v.shape == (b, 8)
            keys = z(b * 4, past + 1, d)  # each query head sees its shared K head
            scores = q.reshape(b * 4, 1, d) @ keys.transpose(1, 2)
            x = (scores @ keys).reshape(b, 16) @ z(16, 16)
            x = ((x @ z(16, 24)) * (x @ z(16, 24))) @ z(24, 16)
        x @ z(16, 50)
    assert counter.get_total_flops() == work(TINY, [(1, past)] * b).flops


def test_pairs_and_bytes_one_by_one() -> None:
    pieces = [(4, 0), (3, 7), (1, 9)]
    pairs = sum(1 for new, past in pieces for i in range(new) for j in range(past + new) if j <= past + i)
    matrices = TINY.layers * (2 * 16 * 16 + 2 * 16 * 8 + 3 * 16 * 24)
    w = work(TINY, pieces)
    assert w.flops == 2 * matrices * 8 + 3 * 2 * 16 * 50 + TINY.layers * 2 * 2 * 16 * pairs
    assert w.weights == 2 * (matrices + 16 * 50)
    assert w.cache == (4 + 10 + 10) * TINY.layers * 2 * 8 * 2
    assert work(TINY, pieces, weight_bits=4).weights == w.weights / 4
    assert work(TINY, pieces, cache_bits=8).cache == w.cache / 2


def test_chunks_of_a_prompt_add_up_to_the_whole() -> None:
    whole = work(TINY, [(30, 0)])
    chunks = [work(TINY, [(10, p)]) for p in (0, 10, 20)]
    head = 2 * 16 * 50
    assert sum(c.flops for c in chunks) == whole.flops + 2 * head
    assert sum(c.weights for c in chunks) == 3 * whole.weights


def test_numbers_of_the_phases_page() -> None:
    prefill, one, many = (work(LLAMA3_8B, p) for p in ([(2048, 0)], [(1, 2048)], [(1, 2048)] * 32))
    assert round(prefill.flops / 1e12, 1) == 29.7
    assert round(one.flops / 1e9, 1) == 16.1
    assert (round(one.weights / 1e9, 2), round(one.cache / 1e9, 2), round(many.cache / 1e9, 1)) == (15.01, 0.27, 8.6)
    assert [round(w.intensity, 1) for w in (one, many)] == [1.1, 21.8]
    assert round(work(LLAMA3_8B, [(1, 2048)] * 128).intensity, 1) == 41.7
    assert round(prefill.intensity) == 1943
    assert [round(1e3 * w.seconds(A100), 1) for w in (prefill, one, many)] == [95.2, 9.8, 15.2]
    assert [round(1e3 * w.seconds(H100), 1) for w in (prefill, one, many)] == [30.0, 4.6, 7.0]
    assert round(2048 * one.seconds(A100)) == 20
    assert 0.9 < 2048 * one.flops / prefill.flops < 1.2
    assert round((prefill.weights + prefill.cache) / 1e9, 2) == 15.28
    assert (round(H100.peak / A100.peak, 1), round(H100.bandwidth / A100.bandwidth, 1)) == (3.2, 2.2)
    assert round(prefill.seconds(A100) / prefill.seconds(H100), 1) == 3.2
    assert round(one.seconds(A100) / one.seconds(H100), 1) == 2.2
    assert round(A100.bandwidth / one.weights, 1) == 103.6
    assert [round(1e3 * one.weights / g.bandwidth, 1) for g in (A100, H100)] == [9.7, 4.5]
    assert (round(A100.ridge), round(H100.ridge)) == (201, 295)
    first = [next(n for n in range(1, 500) if work(LLAMA3_8B, [(n, 0)]).intensity > g.ridge) for g in (A100, H100)]
    assert first == [216, 317]
    assert round(100 * one.flops / one.seconds(A100) / A100.peak, 1) == 0.5
    assert round(100 * many.flops / many.seconds(A100) / A100.peak) == 11


def test_a_huge_batch_does_not_make_decoding_compute_bound() -> None:
    limit = work(LLAMA3_8B, [(1, 2048)] * 100_000).intensity
    assert 59 < limit < 60 < A100.ridge
    assert 226 < work(LLAMA3_8B, [(1, 512)] * 100_000).intensity < 228
    assert round(4 * LLAMA3_8B.layers * LLAMA3_8B.h / cache_per_token(LLAMA3_8B)) == 4  # attention alone: h/g


def test_numbers_of_the_throughput_section() -> None:
    steps = {(b, c): decode_step(b, c) for b in (1, 32, 256, 512) for c in (512, 2048)}
    assert [round(1e3 * steps[b, 512][0], 1) for b in (1, 32, 256, 512)] == [9.7, 11.0, 20.7, 31.8]
    assert [round(1e3 * steps[b, 2048][0], 1) for b in (1, 32, 256, 512)] == [9.8, 15.2, 53.9, 98.1]
    assert [round(steps[b, 512][1], -2) for b in (1, 32, 256, 512)] == [100, 2900, 12_400, 16_100]
    assert [round(steps[b, 2048][1], -2) for b in (1, 32, 256, 512)] == [100, 2100, 4800, 5200]
    assert round(100 * (steps[32, 512][0] / steps[1, 512][0] - 1)) == 14
    assert round(100 * (steps[32, 2048][0] / steps[1, 2048][0] - 1)) == 54
    assert (largest_batch(40e9, 2048), largest_batch(80e9, 2048), largest_batch(80e9, 8192)) == (89, 238, 59)
    assert round(2 * LLAMA3_8B.total() / 1e9, 2) == 16.06
    assert round(steps[32, 512][1] / steps[1, 512][1]) == 28
    assert round(8 * 10 * 1500 * cache_per_token(LLAMA3_8B) / 2**30, 1) == 14.6  # Little's law times a mean cache


def test_numbers_of_the_taxonomy_page() -> None:
    table = levers(Server())
    assert [round(s.milliseconds(), 1) for s in table.values()] == [54.9, 20.7, 13.5, 15.2, 10.4, 7.5]
    weights, cache, flops = table["base"].parts()
    assert [round(x, 1) for x in (weights, cache, flops)] == [9.7, 11.1, 1.8]
    assert round(kept(0.7, 4), 2) == 2.77
    assert round(table["MHA"].parts()[1], 1) == 44.2
    small = levers(Server(batch=1, context=128))
    assert [round(small[k].milliseconds(), 1) for k in ("base", "int4 weights", "int8 cache")] == [9.7, 2.5, 9.7]


def test_kept_tokens_by_simulating_the_first_rejection() -> None:
    alpha, drafted = 0.7, 4
    mean = sum((n + 1) * alpha**n * (1 - alpha) for n in range(drafted)) + (drafted + 1) * alpha**drafted
    assert kept(alpha, drafted) == pytest.approx(mean, abs=1e-12)
