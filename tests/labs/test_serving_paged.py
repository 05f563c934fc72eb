"""Blocks against dense attention and bitmaps; numbers of docs/serving/paged-attention.md."""

from __future__ import annotations

import numpy as np
import pytest

from labs.serving.fragmentation import Job, contiguous, first_fit, paged, pow2, trace
from labs.serving.paged_cache import OutOfBlocks, Pool, Sequence, paged_attention
from labs.serving.prefix_cache import PrefixCache, Prompt, chats, hit_rate

CAPACITY = 15_728


def test_attention_over_scattered_blocks_equals_dense_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng = np.random.default_rng(0)
    pool = Pool(40, 4, 8)
    stored: list[tuple[Sequence, list[tuple[np.ndarray, np.ndarray]]]] = [(Sequence(pool), []) for _ in range(3)]
    for i in rng.integers(0, 3, 60):  # three requests grow in turns, so their blocks interleave
        seq, past = stored[i]
        k, v = rng.standard_normal((2, 8))
        seq.append(k, v)
        past.append((k, v))
    for seq, past in stored:
        assert sorted(seq.table) != list(range(min(seq.table), min(seq.table) + len(seq.table)))
        q = rng.standard_normal(8)
        k, v = (torch.from_numpy(np.stack([pair[i] for pair in past])) for i in (0, 1))
        want = torch.nn.functional.scaled_dot_product_attention(torch.from_numpy(q)[None], k, v)[0].numpy()
        assert np.allclose(paged_attention(q, seq), want, atol=1e-12)


def test_forks_never_see_each_other_and_no_block_is_lost() -> None:
    rng = np.random.default_rng(1)
    pool, texts = Pool(64, 4, 1), dict[Sequence, list[float]]()
    texts[Sequence(pool)] = []
    for _ in range(600):
        seq = list(texts)[rng.integers(len(texts))]
        action = rng.random()
        if action < 0.8 and pool.free and len(texts[seq]) < 30:
            value = float(rng.standard_normal())
            seq.append(np.array([value]), np.array([value]))
            texts[seq].append(value)
        elif action < 0.9 and len(texts) < 6:
            texts[seq.fork()] = list(texts[seq])
        elif len(texts) > 1:
            seq.release()
            del texts[seq]
        for s, text in texts.items():
            got = [pool.v[s.table[t // 4], t % 4, 0] for t in range(s.length)]
            assert got == text
        for block in range(64):
            assert pool.refs[block] == sum(block in s.table for s in texts)
        assert len(pool.free) == int((pool.refs == 0).sum())
    for s in list(texts):
        s.release()
    assert len(pool.free) == 64


def test_copy_on_write_copies_one_block_and_full_blocks_stay_shared() -> None:
    pool, one = Pool(10, 4, 1), np.ones(1)
    first = Sequence(pool)
    for _ in range(7):
        first.append(one, one)
    second = first.fork()
    assert 10 - len(pool.free) == 2
    second.append(one, one)
    assert 10 - len(pool.free) == 3
    assert first.table[0] == second.table[0]
    assert first.table[1] != second.table[1]
    before = list(first.table)
    first.append(one, one)  # alone in its last block by now: no copy
    assert first.table == before
    tiny = Sequence(Pool(1, 2, 1))
    tiny.append(one, one)
    tiny.append(one, one)
    with pytest.raises(OutOfBlocks):
        tiny.append(one, one)


def test_first_fit_against_a_bitmap() -> None:
    rng = np.random.default_rng(2)
    for _ in range(200):
        held = np.zeros(40, dtype=bool)
        jobs = list[Job]()
        for _ in range(rng.integers(0, 6)):
            start, slots = int(rng.integers(0, 35)), int(rng.integers(1, 6))
            if not held[start : start + slots].any():
                held[start : start + slots] = True
                jobs.append(Job(0, 0, start, slots))
        need = int(rng.integers(1, 12))
        want = next((i for i in range(41 - need) if not held[i : i + need].any()), -1)
        assert first_fit(jobs, need, 40) == want


def test_shares_add_up_and_paging_wastes_less_than_a_block_each() -> None:
    jobs = trace(60, 3)
    for tally in (contiguous(jobs, 8000, pow2), paged(jobs, 8000, 16)):
        assert tally.used + tally.later + tally.never + tally.free == pytest.approx(1)
    tally = paged(jobs, 8000, 16)
    assert tally.never * 8000 / tally.running <= 16
    assert all(pow2(5, n) - 5 in {2**i for i in range(12)} and n <= pow2(5, n) - 5 < 2 * n for n in range(1, 2000))


def test_numbers_of_the_fragmentation_section() -> None:
    jobs = trace(200, 0)
    assert round(sum(j.prompt for j in jobs) / 200) == 198
    assert round(sum(j.output for j in jobs) / 200) == 310
    most = contiguous(jobs, CAPACITY, lambda p, o: 2048)
    two = contiguous(jobs, CAPACITY, pow2)
    exact = contiguous(jobs, CAPACITY, lambda p, o: p + o)
    blocks = {size: paged(jobs, CAPACITY, size) for size in (1, 16, 64, 256)}
    rows = [most, two, exact, blocks[16]]
    assert [round(100 * t.used) for t in rows] == [20, 46, 54, 97]
    assert [round(100 * t.later) for t in rows] == [11, 27, 32, 0]
    assert [round(100 * t.never) for t in rows] == [60, 14, 0, 2]
    assert [round(100 * t.free) for t in rows] == [9, 14, 14, 1]
    assert [round(t.running, 1) for t in rows] == [7.0, 16.4, 19.7, 36.3]
    assert [t.steps for t in rows] == [9390, 4402, 3815, 2282]
    assert round(exact.scattered / exact.free, 2) == 0.97
    assert [round(100 * blocks[s].used) for s in (1, 16, 64, 256)] == [99, 97, 92, 76]
    assert [round(100 * blocks[s].never, 1) for s in (1, 16, 64, 256)] == [0.2, 2.0, 7.1, 22.7]
    assert blocks[16].recomputed == 43_872
    assert sum(j.last for j in jobs) == 101_620
    assert 2 * 40 * 5120 * 2 == 819_200  # OPT-13B: bytes per token
    assert CAPACITY == 12 * 2**30 // 819_200
    assert pytest.approx(1.68, abs=0.01) == 2048 * 819_200 / 1e9


def test_hits_are_the_longest_common_prefix_in_whole_blocks() -> None:
    rng = np.random.default_rng(4)
    cache, seen = PrefixCache(4), list[Prompt]()
    for _ in range(120):
        prompt = tuple(int(t) for t in rng.integers(0, 2, rng.integers(1, 24)))
        best = 0
        for old in seen:
            common = next(
                (i for i, (a, b) in enumerate(zip(old, prompt, strict=False)) if a != b), min(len(old), len(prompt))
            )
            best = max(best, min(common, len(old) // 4 * 4) // 4 * 4)
        assert cache.serve(prompt) == min(best, len(prompt) - 1)
        seen.append(prompt)


def test_numbers_of_the_prefix_section() -> None:
    plain = chats(8, 6, 300, 0)
    assert (len(plain), sum(map(len, plain))) == (48, 46_534)
    rates = {clock: hit_rate(chats(8, 6, 300, 0, clock), PrefixCache(16)) for clock in ("", "front", "end")}
    assert {c: round(100 * r) for c, r in rates.items()} == {"": 76, "front": 0, "end": 29}
    assert round(100 * hit_rate(plain, PrefixCache(128))) == 70
    full = PrefixCache(16)
    hit_rate(plain, full)
    assert len(full.blocks) == 669
    small = [round(100 * hit_rate(plain, PrefixCache(16, 300, order))) for order in (True, False)]
    assert small == [49, 45]
