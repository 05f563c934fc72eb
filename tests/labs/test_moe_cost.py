"""Parameters against the published totals, and what a batch touches: docs/moe/index.md, mixtral.md, deepseek-moe.md."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from labs.attention.mla import parameters
from labs.foundations.decoder_params import llama
from labs.moe.ffn_cost import DEEPSEEK_MOE_16B, DEEPSEEK_V2, DEEPSEEK_V3, MIXTRAL, combinations, share_touched


def billions(*counts: float) -> list[float]:
    return [round(c / 1e9, 1) for c in counts]


def test_mixtral() -> None:
    """Page mixtral: 46.7B and 12.9B; the rest of the model is Mistral 7B's."""
    dense = llama("Mistral-7B", 32, 4096, 32, 14_336, 32_000, kv_share=4)
    rest = dense.total() - dense.parts()["mlp"]
    assert billions(rest + MIXTRAL.total(), rest + MIXTRAL.active()) == [46.7, 12.9]  # published
    assert (round(rest / 1e9, 2), round(32 * MIXTRAL.expert() / 1e9, 2)) == (1.6, 5.64)
    assert billions(8 * 32 * MIXTRAL.expert(), dense.total(), 8 * dense.total()) == [45.1, 7.2, 57.9]
    assert MIXTRAL.total() - 8 * 32 * MIXTRAL.expert() == 32 * 4096 * 8 == 1_048_576  # all routers
    assert round(dense.attention() / 1e6, 1) == 41.9
    assert round(32 * dense.attention() / 1e9, 2) == 1.34
    assert round(100 * (rest + MIXTRAL.active()) / (rest + MIXTRAL.total())) == 28
    assert round(2 * (rest + MIXTRAL.total()) / 1e9) == 93  # GB in 16 bit


def test_deepseek() -> None:
    """Pages index and deepseek-moe: published 16.4B/2.8B, 236B/21B, 671B/37B."""
    mha = 28 * 4 * 2048**2 + 2 * 102_400 * 2048
    assert billions(mha + DEEPSEEK_MOE_16B.total(), mha + DEEPSEEK_MOE_16B.active()) == [16.4, 2.8]
    v2 = 60 * parameters(5120, 1536, 512, 128, 128, 64)["layer"] + 2 * 102_400 * 5120
    assert billions(v2 + DEEPSEEK_V2.total(), v2 + DEEPSEEK_V2.active()) == [235.7, 21.4]
    v3 = 61 * parameters(7168, 1536, 512, 128, 128, 64)["layer"] + 2 * 129_280 * 7168
    total, active = v3 + DEEPSEEK_V3.total(), v3 + DEEPSEEK_V3.active()
    assert billions(total, active, active - 129_280 * 7168) == [671.0, 37.6, 36.6]
    assert billions(DEEPSEEK_V3.total()) == [657.8]
    assert round(100 * DEEPSEEK_V3.total() / total) == 98
    assert [round(m.expert() / 1e6) for m in (MIXTRAL, DEEPSEEK_MOE_16B, DEEPSEEK_V2, DEEPSEEK_V3)] == [176, 9, 24, 44]
    assert round(DEEPSEEK_MOE_16B.expert() / 1e6, 1) == 8.7
    assert DEEPSEEK_V3.flops() == 2 * DEEPSEEK_V3.active()
    shares = [m.active() / m.total() for m in (MIXTRAL, DEEPSEEK_MOE_16B, DEEPSEEK_V2, DEEPSEEK_V3)]
    assert [round(100 * s, 1) for s in shares] == [25.0, 12.5, 5.0, 3.7]


def test_combinations() -> None:
    """Page deepseek-moe: the paper's example, 16 choose 2 against 64 choose 8, and real models."""
    assert (combinations(16, 2), combinations(64, 8)) == (120, 4_426_165_368)
    assert combinations(8, 2) == 28
    assert [combinations(*c) for c in ((4, 2), (16, 8), (15, 7))] == [6, 12_870, 6_435]  # the figure
    assert f"{combinations(256, 8):.1e}" == "4.1e+14"
    coarse, fine = replace(MIXTRAL, n=16, k=2, h=4096), replace(MIXTRAL, n=64, k=8, h=1024)
    routers = 32 * 4096 * np.array([16, 64])
    assert coarse.total() - routers[0] == fine.total() - routers[1]  # cut in four, four times as many chosen
    assert coarse.active() - routers[0] == fine.active() - routers[1]


def test_share_touched_is_what_sampling_gives() -> None:
    """Page index: how much of a layer's experts a batch reads."""
    rng = np.random.default_rng(0)
    sampled = [len(np.unique(np.concatenate([rng.permutation(64)[:6] for _ in range(16)]))) / 64 for _ in range(400)]
    assert share_touched(64, 6, 16) == pytest.approx(np.mean(sampled), abs=0.01)
    assert [round(100 * share_touched(8, 2, b)) for b in (1, 4, 8, 32, 128)] == [25, 68, 90, 100, 100]
    assert [round(100 * share_touched(256, 8, b)) for b in (1, 4, 8, 32, 128)] == [3, 12, 22, 64, 98]


def test_longcat_range_is_none_to_all_real_experts() -> None:
    """Page zero-computation-experts: the published 18.6B, 27B, 31.3B in units of one real expert in all 28 layers."""
    slot = 28 * 3 * 6144 * 2048 / 1e9
    assert round(slot, 2) == 1.06
    assert round((31.3 - 18.6) / slot, 1) == 12.0
    assert round((27 - 18.6) / slot, 1) == 7.9
    assert 12 * 512 / 768 == 8
