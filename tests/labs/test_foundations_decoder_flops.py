"""FLOPs against PyTorch's FlopCounterMode, and the numbers of docs/foundations/decoder-flops.md."""

from __future__ import annotations

from typing import Any

import pytest

from labs.foundations.decoder_flops import (
    A100_BANDWIDTH,
    A100_PEAK,
    forward,
    forward_total,
    least_time,
    matmul,
    quadratic_share,
    training,
    utilization,
)
from labs.foundations.decoder_params import GPT3, LLAMA_7B, LLAMA_65B, Decoder

SMALL = Decoder("small", 2, 32, 50, heads=4)
GROUPED = Decoder("grouped", 2, 32, 50, 0, 4, 2, 48, True, "none", True, False)


@pytest.mark.parametrize("model", [SMALL, GROUPED], ids=lambda m: m.name)
def test_forward_and_backward_match_torch(model: Decoder) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    flop_counter = pytest.importorskip("torch.utils.flop_counter")
    b, s, h, heads = 3, 7, model.h, model.heads
    kv, inner, d = h // model.kv_share, model.ffn or 4 * h, h // heads

    def w(rows: int, cols: int) -> Any:
        return torch.randn(rows, cols, requires_grad=True)

    layers = [
        [w(h, h), w(h, kv), w(h, kv), w(h, h), w(h, inner), w(h, inner), w(inner, h)] for _ in range(model.layers)
    ]
    out = w(h, model.vocab)
    x = torch.randn(b, s, h, requires_grad=True)

    def split(t: Any) -> Any:
        heads_in = t.shape[-1] // d
        return t.view(b, s, heads_in, d).transpose(1, 2).repeat_interleave(heads // heads_in, 1)

    with flop_counter.FlopCounterMode(display=False) as counter:
        y = x
        for q, k, v, o, gate, up, down in layers:
            a = (split(y @ q) @ split(y @ k).transpose(-1, -2)).softmax(-1) @ split(y @ v)
            y = y + a.transpose(1, 2).reshape(b, s, h) @ o
            z = y @ gate
            y = y + (torch.nn.functional.silu(z) * (y @ up) if model.gated else torch.relu(z)) @ down
        loss = (y @ out).sum()
    assert counter.get_total_flops() == forward_total(model, b, s)
    with flop_counter.FlopCounterMode(display=False) as counter:
        loss.backward()
    assert counter.get_total_flops() == 2 * forward_total(model, b, s)


def test_closed_form() -> None:
    """Page: L(24bsh² + 4bs²h) + 2bshV, and each part."""
    b, s, L, h, V = 2, 2048, 96, 12_288, 50_257
    assert forward_total(GPT3, b, s) == L * (24 * b * s * h**2 + 4 * b * s**2 * h) + 2 * b * s * h * V
    parts = forward(GPT3, b, s)
    assert parts["q, o"] + parts["k, v"] == L * 8 * b * s * h**2
    assert parts["scores"] == parts["mix"] == L * 2 * b * s**2 * h
    assert parts["mlp"] == L * 16 * b * s * h**2
    assert matmul(3, 5, 7) == 2 * 3 * 5 * 7


def test_megatron_formula() -> None:
    """Page: training is 72·b·s·L·h²(1 + s/6h + V/12Lh), with full recomputation 96·(… + V/16Lh)."""
    b, s, L, h, V = 1, 2048, 96, 12_288, 50_257
    assert training(GPT3, b, s) == pytest.approx(72 * b * s * L * h**2 * (1 + s / 6 / h + V / 12 / L / h), rel=1e-12)
    again = 96 * b * s * L * h**2 * (1 + s / 6 / h + V / 16 / L / h)
    assert training(GPT3, b, s, recompute=True) == pytest.approx(again, rel=1e-12)


def test_decoding_with_a_cache_adds_up_to_less() -> None:
    """One token at a time costs the causal half of the quadratic term; all else is equal."""
    s = 64
    steps = [forward(SMALL, 1, 1, past) for past in range(s)]
    whole = forward(SMALL, 1, s)
    assert sum(p["scores"] for p in steps) * 2 * s == whole["scores"] * (s + 1)
    assert sum(p["mlp"] for p in steps) == whole["mlp"]


def test_page_a_cache_saves_recomputing() -> None:
    """Page: 2048 tokens from LLaMA-7B cost 28.2 TFLOP with a cache, 1038 times as much without."""
    n = 2048
    cached = sum(forward_total(LLAMA_7B, 1, 1, past) for past in range(n))
    again = sum(forward_total(LLAMA_7B, 1, t) for t in range(1, n + 1))
    assert f"{cached / 1e12:.1f} {again / cached:.0f}" == "28.2 1038"


def test_page_shares() -> None:
    """Page: s = 6h is where the terms meet; shares of LLaMA-7B and GPT-3."""
    model = Decoder("x", 1, 512, 1000, heads=8)
    assert quadratic_share(model, 6 * 512) == 0.5
    assert f"{quadratic_share(GPT3, 2048):.1%}" == "2.7%"
    shares = [f"{quadratic_share(LLAMA_7B, s):.1%}" for s in (2048, 4096, 24_576, 131_072)]
    assert shares == ["7.7%", "14.2%", "49.9%", "84.1%"]
    assert 6 * 4096 == 24_576
    assert 6 * 12_288 == 73_728


def test_page_forward_of_llama_7b() -> None:
    """Page: the table of parts at s = 2048, in TFLOP, and against 2N."""
    parts = forward(LLAMA_7B, 1, 2048)
    table = {k: f"{v / 1e12:.2f}" for k, v in parts.items()}
    assert table == {"q, o": "4.40", "k, v": "4.40", "scores": "1.10", "mix": "1.10", "mlp": "17.73", "logits": "0.54"}
    total = sum(parts.values())
    assert f"{total / 1e12:.2f} {training(LLAMA_7B, 1, 2048) / 1e12:.1f}" == "29.26 87.8"
    assert f"{total / (2 * LLAMA_7B.total() * 2048):.2f}" == "1.06"
    assert [f"{v / total:.0%}" for v in parts.values()] == ["15%", "15%", "4%", "4%", "61%", "2%"]
    assert f"{total / A100_PEAK * 1e3:.0f}" == "94"


def test_page_training_bills() -> None:
    """Page: GPT-3's 3.14e23 and LLaMA-65B's utilisation from the published throughput."""
    assert f"{6 * GPT3.total() * 300e9:.2e}" == "3.14e+23"
    n = LLAMA_65B.total()
    assert f"{1.4e12 / (380 * 2048) / 86_400:.1f}" == "20.8"
    assert f"{6 * n * 1.4e12:.2e}" == "5.48e+23"
    assert f"{6 * n * 1.4e12 / (2048 * A100_PEAK) / 86_400:.1f}" == "9.9"
    assert f"{utilization(380 * 6 * n, 1, A100_PEAK):.0%}" == "48%"
    assert f"{utilization(380 * training(LLAMA_65B, 1, 2048) / 2048, 1, A100_PEAK):.0%}" == "49%"


def test_page_question_on_training_time() -> None:
    """Page: 7B, 2T tokens, 256 A100, MFU 45 %: 26 days; the quadratic term adds 14 % at length 4096."""
    flops = 6 * LLAMA_7B.total() * 2e12
    assert f"{flops:.1e} {256 * A100_PEAK * 0.45:.1e}" == "8.1e+22 3.6e+16"
    assert f"{flops / (256 * A100_PEAK * 0.45) / 86_400:.0f}" == "26"
    assert f"{forward_total(LLAMA_7B, 1, 4096) / (2 * LLAMA_7B.total() * 4096):.2f}" == "1.14"


def test_page_decoding_is_bound_by_memory() -> None:
    """Page: one step of LLaMA-7B at batch 1: 13.2 GFLOP, 0.04 ms of arithmetic, 8.5 ms of reading."""
    matrices = LLAMA_7B.total() - LLAMA_7B.parts()["token embedding"]
    flops, read = forward_total(LLAMA_7B, 1, 1), 2 * matrices
    assert f"{flops / 1e9:.1f} {read / 1e9:.1f}" == "13.2 13.2"
    assert f"{flops / A100_PEAK * 1e3:.2f} {read / A100_BANDWIDTH * 1e3:.1f}" == "0.04 8.5"
    t = least_time(flops, read, A100_PEAK, A100_BANDWIDTH)
    assert f"{utilization(flops, t, A100_PEAK):.1%}" == "0.5%"
    assert f"{A100_PEAK / A100_BANDWIDTH:.0f}" == "201"
