"""Connector sizes against PyTorch modules, and the numbers of docs/multimodal/vlm-connector.md and blip2-qformer.md."""

from __future__ import annotations

import pytest

from labs.multimodal.connectors import (
    cache_bytes,
    cross_attention_adapter,
    gated_cross_attention,
    linear,
    mlp,
    patches,
    perceiver_resampler,
    prefill_flops,
    q_former,
)

VICUNA_7B = 6.74e9


def test_counts_equal_torch_modules() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    nn = torch.nn

    def count(*modules: object) -> int:
        return sum(p.numel() for m in modules for p in m.parameters())  # type: ignore[attr-defined]

    assert mlp(10, 16, 2) == count(nn.Linear(10, 16), nn.Linear(16, 16))
    attn = nn.MultiheadAttention(16, 4)
    assert (
        cross_attention_adapter(10, 16, 9)
        == count(attn, nn.Linear(10, 16, bias=False), nn.LayerNorm(16), nn.LayerNorm(16)) + 9 * 16
    )
    block = [nn.Linear(12, 6, bias=False), nn.Linear(12, 12, bias=False), nn.Linear(6, 12, bias=False)]
    block += [nn.LayerNorm(12)] * 3 + [nn.Linear(12, 48, bias=False), nn.Linear(48, 12, bias=False)]
    want = 2 * count(*block) + 5 * 12 + count(nn.LayerNorm(12), nn.Linear(12, 20))
    assert perceiver_resampler(12, 20, 5, layers=2, inner=6) == want
    bert = nn.TransformerEncoderLayer(8, 2, 32)  # a BERT layer has the same parts
    cross = [nn.Linear(8, 8)] * 2 + [nn.Linear(12, 8)] * 2 + [nn.LayerNorm(8)]
    want = count(bert) * 2 + count(*cross) + 3 * 8 + count(nn.LayerNorm(8), nn.Linear(8, 20))
    assert q_former(12, 20, queries=3, d=8, layers=2) == want


def test_parameters_of_the_page() -> None:
    """Pages: 4.2M, 21.0M, 75.0M, 109.9M, 108.3M in the second stage, 186.7M in the first, 1.12B."""
    assert mlp(1024, 4096, 1) == 4_198_400
    assert mlp(1024, 4096, 2) == 20_979_712
    assert round(cross_attention_adapter(1664, 4096, 256) / 1e6, 1) == 75.0
    assert round(perceiver_resampler(1152, 3072, 128) / 1e6, 1) == 109.9
    assert round(q_former(1408, 4096) / 1e6, 1) == 108.3
    assert round(q_former(1408, 4096, text=True) / 1e6, 1) == 186.7
    assert round(gated_cross_attention(1024, 4096, 8) / 1e9, 2) == 1.12
    assert round(gated_cross_attention(1024, 4096, 8) / VICUNA_7B, 2) == 0.17
    first_stage = q_former(1408, 4096, text=True) + linear(768, 2048)
    assert round(first_stage / 1e6, 1) == 188.3
    attn, ffn = 12 * (4 * linear(768, 768) + 1536), 12 * (linear(768, 3072) + linear(3072, 768) + 1536)
    cross = 6 * (2 * linear(768, 768) + 2 * linear(1408, 768) + 1536)
    parts = (attn, ffn, cross, (30_523 + 512) * 768)
    assert [round(p / 1e6, 1) for p in parts] == [28.4, 56.7, 20.1, 23.8]
    assert round(q_former(1408, 4096, text=True) / mlp(1024, 4096, 2), 1) == 8.9


def test_tokens_and_cost_of_the_page() -> None:
    """Page: patches, prefill FLOPs and KV cache with a LLaMA-2-7B shaped LLM."""
    assert [patches(s, 14) for s in (224, 336, 384, 448)] == [256, 576, 729, 1024]
    rows = {
        t: (round(prefill_flops(t, VICUNA_7B) / 1e12, 2), cache_bytes(t) / 2**20) for t in (32, 128, 256, 576, 2880)
    }
    assert rows == {32: (0.43, 16), 128: (1.73, 64), 256: (3.45, 128), 576: (7.76, 288), 2880: (38.82, 1440)}
    assert round(256 / 32 * 32 / 1024, 2) == 0.25  # Qwen-VL keeps a quarter of its 1024 patches
    assert round(729 / 128, 1) == 5.7
