"""What a request keeps; numbers of docs/models/{glm,qwen-1,qwen3,deepseek-v2,deepseek-v3,kimi-k2,longcat-flash}.md."""

from __future__ import annotations

import numpy as np
import pytest

from figures.records import RECORDS
from labs.attention.gated_deltanet import recurrent
from labs.attention.mla import cache, make_weights
from labs.models.layer_cache import (
    MODELS,
    NEXT_FULL,
    NEXT_LINEAR,
    delta_net,
    grouped,
    hybrid,
    latent,
    layers_of,
    numbers,
)

KIB, GIB = 2**10, 2**30


def per_token(name: str) -> int:
    layers = MODELS[name]
    return numbers(layers, 1) - numbers(layers, 0)


@pytest.mark.parametrize(
    ("name", "kib"),
    [
        ("Qwen-7B", 512),
        ("Qwen2-7B", 56),
        ("Qwen-72B", 2560),
        ("Qwen2.5-72B", 320),
        ("Qwen3-235B-A22B", 188),
        ("Qwen3-Next-80B-A3B", 24),
        ("ChatGLM-6B", 448),
        ("ChatGLM2-6B", 28),
        ("GLM-4.5", 368),
        ("DeepSeek 67B", 380),
        ("DeepSeek-V2", 67.5),
        ("DeepSeek-V2, as MHA", 3840),
        ("DeepSeek-V3", 68.625),
        ("DeepSeek-V3, as MHA", 3904),
        ("Kimi K2", 68.625),
        ("LongCat-Flash", 63),
    ],
)
def test_kib_per_token_on_the_pages(name: str, kib: float) -> None:
    assert per_token(name) * 2 / KIB == kib


def test_latent_layer_is_what_the_mla_lab_keeps() -> None:
    w = make_weights(d=32, d_q=16, d_c=24, h=4, d_h=8, d_r=6)
    kept = cache(w, np.random.default_rng(0).standard_normal((5, 32)))
    assert sum(a.size for a in kept) == 5 * latent(24, 6).per_token


def test_state_is_what_the_delta_net_lab_carries() -> None:
    rng = np.random.default_rng(0)
    q, k, v = rng.standard_normal((7, 4)), rng.standard_normal((7, 4)), rng.standard_normal((7, 6))
    k /= np.linalg.norm(k, axis=-1, keepdims=True)
    _, state = recurrent(q, k, v, np.full(7, 0.9), np.full(7, 0.5))
    assert state.size == delta_net(1, 1, 4, 6, 1).fixed  # conv = 1: no short convolution


def test_v2_table() -> None:
    v2, dense, mha = (per_token(n) for n in ("DeepSeek-V2", "DeepSeek 67B", "DeepSeek-V2, as MHA"))
    assert (v2, dense, mha) == (34_560, 194_560, 1_966_080)
    context = 131_072
    assert [round(n * context * 2 / GIB, 1) for n in (mha, dense, v2)] == [480.0, 47.5, 8.4]
    assert [round(n / v2, 1) for n in (mha, dense)] == [56.9, 5.6]
    assert round(100 * (1 - v2 / dense), 1) == 82.2
    assert round(100 * (1 - v2 / mha), 1) == 98.2
    assert round(100 * (1 - latent().per_token / grouped(8, 128).per_token), 1) == 71.9
    assert 128 * 128 / 5120 == 3.2


def test_ratios_of_the_glm_and_qwen_pages() -> None:
    assert per_token("ChatGLM-6B") / per_token("ChatGLM2-6B") == 16
    assert round(per_token("GLM-4.5") / per_token("DeepSeek-V3"), 1) == 5.4
    assert 96 * 128 / 5120 == 2.4
    assert numbers(MODELS["Qwen-72B"], 32_768) * 2 / GIB == 80
    assert numbers(MODELS["Qwen2-7B"], 2**20) * 2 / GIB == 56


def test_qwen3_next_layout_and_cache() -> None:
    layers = MODELS["Qwen3-Next-80B-A3B"]
    full = [i for i, layer in enumerate(layers) if layer == NEXT_FULL]
    assert len(layers) == 48
    assert full == list(range(3, 48, 4))
    assert NEXT_LINEAR.fixed == 548_864
    assert NEXT_FULL.per_token == 1024
    assert round(numbers(layers, 0) * 2 / 2**20, 1) == 37.7
    assert round(numbers(layers, 262_144) * 2 / GIB, 2) == 6.04
    assert numbers([NEXT_FULL] * 48, 262_144) * 2 / GIB == 24


def test_hybrid_pays_from_536_tokens() -> None:
    layers = hybrid(48, 4, NEXT_FULL, NEXT_LINEAR)
    everywhere = [NEXT_FULL] * 48
    assert numbers(layers, 536) == numbers(everywhere, 536)
    assert numbers(layers, 535) > numbers(everywhere, 535)
    assert numbers(layers, 537) < numbers(everywhere, 537)


@pytest.mark.parametrize(
    ("record", "name"),
    [
        ("qwen-72b", "Qwen-72B"),
        ("qwen2-7b", "Qwen2-7B"),
        ("qwen3-8b", "Qwen3-8B"),
        ("qwen3-235b-a22b", "Qwen3-235B-A22B"),
        ("qwen3-next-80b-a3b", "Qwen3-Next-80B-A3B"),
        ("chatglm2-6b", "ChatGLM2-6B"),
        ("glm-4.5", "GLM-4.5"),
        ("deepseek-v3", "DeepSeek-V3"),
        ("longcat-flash", "LongCat-Flash"),
    ],
)
def test_layers_of_a_record_are_those_written_out(record: str, name: str) -> None:
    assert layers_of(RECORDS[record]) == MODELS[name]


def test_a_record_with_another_kind_of_attention() -> None:
    llama, next_ = RECORDS["llama-3-8b"], RECORDS["qwen3-next-80b-a3b"]
    assert layers_of(llama, "mha") == [grouped(32, 128)] * 32
    assert layers_of(llama, "gqa", 8) == layers_of(llama)
    assert layers_of(llama, "gqa", 64) == layers_of(llama, "mha")
    assert layers_of(llama, "mqa") == [grouped(1, 128)] * 32
    assert layers_of(llama, "mla") == [latent()] * 32
    assert layers_of(RECORDS["deepseek-v3"], "mha") == MODELS["DeepSeek-V3, as MHA"]
    assert layers_of(next_, "mqa") == hybrid(48, 4, grouped(1, 256), NEXT_LINEAR)
