"""LLaMA 1 to 4 and Mistral against PyTorch: docs/models/llama-evolution.md, llama-4.md, mistral-7b.md."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
import pytest

from labs.foundations.decoder_params import LLAMA2_70B, LLAMA3_8B, LLAMA_7B, LLAMA_65B, llama
from labs.models.llama4_moe import expert_layer
from labs.models.llama_block import attend, block, initial, parameters, rotate_too_late
from labs.models.parameter_count import count
from labs.models.training_bill import A100, H100, LLAMA3_70B, LLAMA31_405B, MPT_7B, Run
from labs.models.training_bill import LLAMA_65B as RUN_65B
from labs.models.window_prefill import largest_scores, prefill
from labs.position.irope import cached_tokens, uses_rope


def test_block_equals_torch() -> None:
    """llama-evolution.md: the block, with Meta's complex rotation and PyTorch's attention and RMSNorm."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    f = torch.nn.functional
    n, d, heads, n_kv = 7, 32, 4, 2
    d_h = d // heads
    rng = np.random.default_rng(0)
    w, x = initial(rng, d, heads, n_kv, 48), rng.standard_normal((n, d))
    t = {name: torch.from_numpy(array) for name, array in w.items()}

    def rotate(y: Any) -> Any:  # (h, n, d_h), as in meta-llama/llama
        z = torch.view_as_complex(y.reshape(-1, n, d_h // 2, 2).contiguous())
        angle = torch.outer(torch.arange(n, dtype=torch.float64), 1e4 ** (-torch.arange(0, d_h, 2).double() / d_h))
        return torch.view_as_real(z * torch.polar(torch.ones_like(angle), angle)).reshape(-1, n, d_h)

    h = torch.from_numpy(x)
    y = f.rms_norm(h, (d,), t["attention_norm"], eps=1e-6)
    q, k, v = ((y @ t[name]).reshape(n, -1, d_h).transpose(0, 1) for name in ("wq", "wk", "wv"))
    mix = f.scaled_dot_product_attention(rotate(q)[None], rotate(k)[None], v[None], is_causal=True, enable_gqa=True)
    h = h + mix[0].transpose(0, 1).reshape(n, d) @ t["wo"]
    y = f.rms_norm(h, (d,), t["ffn_norm"], eps=1e-6)
    h = h + (f.silu(y @ t["w1"]) * (y @ t["w3"])) @ t["w2"]
    np.testing.assert_allclose(block(x, w, heads, n_kv), h.numpy(), atol=1e-10)


def test_rope_inside_attention_is_relative_and_sees_order() -> None:
    """llama-evolution.md: shifting all positions changes nothing; rotated after attention, position is lost."""
    rng = np.random.default_rng(1)
    w, x = initial(rng, 32, 4, 4, 48), rng.standard_normal((6, 32))
    np.testing.assert_allclose(attend(x, w, 4, 4), attend(x, w, 4, 4, start=500), atol=1e-9)
    swapped = x[[1, 0, 2, 3, 4, 5]]
    assert np.abs(attend(x, w, 4, 4)[5] - attend(swapped, w, 4, 4)[5]).max() > 0.01
    np.testing.assert_allclose(rotate_too_late(x, w, 4, 4)[5], rotate_too_late(swapped, w, 4, 4)[5], atol=1e-12)
    assert np.abs(rotate_too_late(x, w, 4, 4) - rotate_too_late(x, w, 4, 4, start=500)).max() > 0.01


def test_sizes_and_caches() -> None:
    """llama-evolution.md: parameters of the table, KiB of cache a token, growth of the embeddings."""
    models = {"1": LLAMA_7B, "65": LLAMA_65B, "2": LLAMA2_70B, "3": LLAMA3_8B}
    models["70"] = llama("Llama-3-70B", 80, 8192, 64, 28_672, vocab=128_256, kv_share=8)
    models["405"] = llama("Llama-3.1-405B", 126, 16_384, 128, 53_248, vocab=128_256, kv_share=16)
    counts = {name: f"{m.total() / 1e9:.2f}" for name, m in models.items()}
    assert counts == {"1": "6.74", "65": "65.29", "2": "68.98", "3": "8.03", "70": "70.55", "405": "405.85"}
    cache = {k: 2 * m.layers * m.h // m.kv_share * 2 // 1024 for k, m in models.items()}
    assert cache == {"1": 512, "65": 2560, "2": 320, "3": 128, "70": 320, "405": 504}
    tables = [2 * m.vocab * m.h / 1e6 for m in (LLAMA_7B, LLAMA3_8B)]
    assert [round(t) for t in tables] == [262, 1051]
    w = initial(np.random.default_rng(0), 32, 4, 2, 48)
    assert parameters(w) == 2 * 32**2 + 2 * 32 * 16 + 3 * 32 * 48 + 2 * 32


def test_bills() -> None:
    """llama-evolution.md: 6ND, device hours and utilisation; MPT-7B's 36 % and 2 dollars an hour."""
    assert f"{MPT_7B.flops():.2e}" == "4.02e+22"
    assert round(MPT_7B.hours) == 100_320
    assert f"{MPT_7B.price_per_hour(2e5):.1f}" == "2.0"
    assert f"{LLAMA31_405B.flops():.1e}" == "3.8e+25"
    runs = [MPT_7B, RUN_65B, LLAMA3_70B, LLAMA31_405B]
    assert [run.peak for run in runs] == [A100, A100, H100, H100]
    assert [round(100 * run.utilisation()) for run in runs] == [36, 47, 28, 35]
    assert [round(run.per_device() / 1e12) for run in runs] == [111, 147, 276, 341]
    assert [f"{run.flops():.2g}" for run in runs] == ["4e+22", "5.5e+23", "6.4e+24", "3.8e+25"]
    assert round(LLAMA31_405B.flops() / (16_384 * 400e12) / 86_400) == 67
    assert round(15e12 / 8.03e9, -1) == 1870


def test_llama4_layer_equals_torch_and_scales_the_input() -> None:
    """llama-4.md: as in Hugging Face's code, experts see gate·x (gate 0 unless chosen); scaling outputs differs."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    f, rng = torch.nn.functional, np.random.default_rng(0)
    n, d, d_ff, e = 9, 6, 10, 4
    x, router = rng.standard_normal((n, d)), rng.standard_normal((d, e))
    experts = [
        (rng.standard_normal((d, d_ff)), rng.standard_normal((d, d_ff)), rng.standard_normal((d_ff, d)))
        for _ in range(e + 1)
    ]
    out, chosen = expert_layer(x, router, experts[:e], experts[e])
    h, logits = torch.from_numpy(x), torch.from_numpy(x @ router)
    top, index = logits.topk(1, dim=1)
    gate = torch.sigmoid(torch.full_like(logits, float("-inf")).scatter_(1, index, top))  # (n, E), 0 elsewhere

    def expert(y: Any, w: tuple[Any, ...]) -> Any:
        g, u, down = (torch.from_numpy(m) for m in w)
        return (f.silu(y @ g) * (y @ u)) @ down

    want = expert(h, experts[e]) + sum(expert(h * gate[:, i : i + 1], experts[i]) for i in range(e))
    np.testing.assert_allclose(out, want.numpy(), atol=1e-10)
    np.testing.assert_array_equal(chosen, index[:, 0].numpy())
    outside = expert(h, experts[e]) + sum(gate[:, i : i + 1] * expert(h, experts[i]) for i in range(e))
    assert np.abs(out - outside.numpy()).max() > 0.1


def test_llama4_numbers() -> None:
    """llama-4.md: 107.8B and 400.7B of language weights, 17.2B active in both; FLOPs and device hours; the cache."""
    shape = {"layers": 48, "hidden": 5120, "heads": 40, "kv_heads": 8, "head_dim": 128, "ffn": 16_384, "vocab": 202_048}
    style = {"gated": True, "bias": "none", "norm": "RMSNorm", "tied": False, "kind": "decoder"}
    experts = {"active": 1, "shared": 1, "ffn": 8192}
    scout, maverick = (
        asdict(count(shape | style | {"experts": experts | {"routed": routed, "every": every}}))
        for routed, every in ((16, 1), (128, 2))
    )
    assert [f"{m['total'] / 1e9:.1f}" for m in (scout, maverick)] == ["107.8", "400.7"]
    assert [f"{m['active'] / 1e9:.2f}" for m in (scout, maverick)] == ["17.17", "17.18"]
    assert abs(scout["active"] - maverick["active"]) == abs(48 * 16 - 24 * 128) * 5120  # the routers, nothing else
    every = count(shape | style | {"experts": experts | {"routed": 128}}).total
    assert round(every / 1e9) == 784
    runs = [Run(scout["active"], 40e12, 5.0e6, H100), Run(maverick["active"], 22e12, 2.38e6, H100)]
    assert [f"{run.flops():.1e}" for run in runs] == ["4.1e+24", "2.3e+24"]
    assert [round(run.per_device() / 1e12) for run in runs] == [229, 265]
    assert [round(m["total"] / 2**30) for m in (scout, maverick)] == [100, 373]  # GiB at 8 bits
    assert round(scout["total"] / 2 / 2**30) == 50  # GiB at 4 bits
    assert int((~uses_rope(48)).sum()) == 12
    each = 2 * 8 * 128 * 2  # bytes of K and V, one token and layer, 16 bit
    assert each * 48 // 1024 == 192
    assert [round(cached_tokens(n) * each / 2**30, 1) for n in (131_072, 10_000_000)] == [7.1, 458.9]
    assert round(48 * 10_000_000 * each / 2**30) == 1831


def test_chunked_prefill_equals_windowed_attention() -> None:
    """mistral-7b.md: any chunk size gives sliding-window attention, and the buffer ends with the last W tokens."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    rng, n, w = np.random.default_rng(0), 37, 8
    q, k, v = (rng.standard_normal((n, 5)) for _ in range(3))
    gap = np.arange(n)[:, None] - np.arange(n)
    visible = torch.from_numpy((gap >= 0) & (gap < w))
    want = torch.nn.functional.scaled_dot_product_attention(
        torch.from_numpy(q)[None], torch.from_numpy(k)[None], torch.from_numpy(v)[None], attn_mask=visible[None]
    )[0].numpy()
    for chunk in (1, 3, 8, 13, 64):
        out, place = prefill(q, k, v, w, chunk)
        np.testing.assert_allclose(out, want, atol=1e-10)
        assert sorted(place.tolist()) == list(range(n - w, n))
        assert all(p % w == slot for slot, p in enumerate(place))


def test_mistral_numbers() -> None:
    """mistral-7b.md: 7.24B parameters, 128 KiB a token, 512 MiB for a full window, 32 times fewer scores at 32K."""
    mistral = llama("Mistral-7B", 32, 4096, 32, 14_336, kv_share=4)
    assert mistral.total() == 7_241_732_096
    per_token = 2 * 32 * 8 * 128 * 2
    assert (per_token // 1024, per_token * 4096 // 2**20, per_token * 32_768 // 2**20) == (128, 512, 4096)
    full, chunked = largest_scores(32_768, 4096, 4096)
    assert full // chunked == 32
    assert round(100 * (1 - mistral.total() / llama("13B", 40, 5120, 40, 13_824).total())) == 44
    attention = [m.attention() / 1e6 for m in (LLAMA_7B, mistral)]
    mlp = [m.mlp() / 1e6 for m in (LLAMA_7B, mistral)]
    assert [f"{a:.1f}" for a in attention + mlp] == ["67.1", "41.9", "135.3", "176.2"]
