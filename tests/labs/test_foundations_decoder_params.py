"""Parameter counts against PyTorch modules and published checkpoints; docs/foundations/decoder-param-count.md."""

from __future__ import annotations

from math import ceil

import pytest

from labs.foundations.decoder_params import (
    GPT2,
    GPT2_LARGE,
    GPT2_MEDIUM,
    GPT2_XL,
    GPT3,
    LLAMA2_70B,
    LLAMA3_8B,
    LLAMA_7B,
    LLAMA_13B,
    LLAMA_65B,
    QWEN25_7B,
    Decoder,
    bert,
    bert_encoder,
)


def test_published_checkpoints() -> None:
    """The number of elements in the released weights."""
    assert GPT2.total() == 124_439_808
    assert GPT2_MEDIUM.total() == 354_823_168
    assert GPT2_LARGE.total() == 774_030_080
    assert GPT2_XL.total() == 1_557_611_200
    assert LLAMA_7B.total() == 6_738_415_616
    assert LLAMA_13B.total() == 13_015_864_320
    assert LLAMA_65B.total() == 65_285_660_672
    assert LLAMA2_70B.total() == 68_976_648_192
    assert LLAMA3_8B.total() == 8_030_261_248
    assert QWEN25_7B.total() == 7_615_616_512


def test_gpt2_matches_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    nn = torch.nn
    with torch.device("meta"):  # shapes without memory
        block = nn.TransformerEncoderLayer(768, 12, 4 * 768, norm_first=True)
        parts = [nn.Embedding(50_257, 768), nn.Embedding(1024, 768), nn.LayerNorm(768)]
    count = {m: sum(p.numel() for p in m.parameters()) for m in (block, *parts)}
    assert count[block] == 12 * 768**2 + 13 * 768 == GPT2.attention() + GPT2.mlp() + 2 * GPT2.norm()
    assert 12 * count[block] + sum(count[m] for m in parts) == GPT2.total()


@pytest.mark.parametrize("model", [LLAMA_7B, LLAMA2_70B, LLAMA3_8B, QWEN25_7B], ids=lambda m: m.name)
def test_llama_matches_torch(model: Decoder) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    nn = torch.nn
    h, kv, qkv = model.h, model.h // model.kv_share, model.bias == "qkv"
    with torch.device("meta"):
        block = [nn.Linear(h, h, qkv), nn.Linear(h, kv, qkv), nn.Linear(h, kv, qkv), nn.Linear(h, h, False)]
        block += [nn.Linear(h, model.ffn, False), nn.Linear(h, model.ffn, False), nn.Linear(model.ffn, h, False)]
        block += [nn.RMSNorm(h), nn.RMSNorm(h)]
        rest = [nn.Embedding(model.vocab, h), nn.RMSNorm(h), nn.Linear(h, model.vocab, False)]
    n = [sum(p.numel() for m in part for p in m.parameters()) for part in (block, rest)]
    assert model.layers * n[0] + n[1] == model.total()


def test_page_formula() -> None:
    """Page: L(12h² + 13h) + 2h + Vh + l·h for GPT-2's shape, and its parts."""
    L, h, V, n = 12, 768, 50_257, 1024
    assert L * (12 * h * h + 13 * h) + 2 * h + V * h + n * h == GPT2.total()
    assert GPT2.attention() == 4 * h * h + 4 * h == 2_362_368
    assert GPT2.mlp() == 8 * h * h + 5 * h == 4_722_432
    assert 12 * h * h + 13 * h == 7_087_872
    assert GPT2.parts() == {
        "token embedding": 38_597_376,
        "positions": 786_432,
        "attention": 28_348_416,
        "mlp": 56_669_184,
        "norms": 38_400,
        "output": 0,
    }
    assert sum(GPT2.parts()[k] for k in ("attention", "mlp", "norms")) == 85_056_000
    assert f"{GPT2.parts()['token embedding'] / GPT2.total():.0%}" == "31%"


def test_page_table_of_models() -> None:
    """Page: the rule of thumb as a share of the count, and totals in the units printed."""
    shares = [f"{m.estimate() / m.total():.1%}" for m in (GPT2, GPT2_XL, LLAMA_7B, LLAMA2_70B, LLAMA3_8B, QWEN25_7B)]
    assert shares == ["68.3%", "94.7%", "95.6%", "93.4%", "80.2%", "56.7%"]
    assert f"{GPT3.estimate() / GPT3.total():.1%}" == "99.6%"
    assert f"{GPT3.total() / 1e9:.1f}" == "174.6"
    assert f"{GPT3.estimate() / 1e9:.1f}" == "173.9"
    embedding = LLAMA3_8B.parts()["token embedding"] + LLAMA3_8B.parts()["output"]
    assert f"{embedding / 1e9:.2f} {embedding / LLAMA3_8B.total():.0%}" == "1.05 13%"
    qwen = QWEN25_7B.parts()["token embedding"] + QWEN25_7B.parts()["output"]
    assert f"{(QWEN25_7B.total() - qwen) / 1e9:.2f}" == "6.53"
    assert f"{QWEN25_7B.attention() / QWEN25_7B.h**2:.2f}" == "2.29"
    assert f"{QWEN25_7B.mlp() / QWEN25_7B.h**2:.1f}" == "15.9"
    assert f"{(LLAMA2_70B.attention() + LLAMA2_70B.mlp()) / 8192**2:.2f}" == "12.75"
    assert (LLAMA2_70B.attention() / 8192**2, LLAMA2_70B.mlp() / 8192**2) == (2.25, 10.5)


def test_page_swiglu_width() -> None:
    """Page: 8h/3 keeps 8h² parameters; LLaMA-7B rounds 10 922.7 up to 11 008, a multiple of 256."""
    assert (3 * 4096) * (8 * 4096) / 3 == 8 * 4096**2
    assert ceil(8 * 4096 / 3 / 256) * 256 == LLAMA_7B.ffn == 11_008
    assert ceil(8 * 8192 / 3 / 256) * 256 == LLAMA_65B.ffn


def test_page_mental_arithmetic() -> None:
    """Page: the two questions, LLaMA-7B by head and what tying saves."""
    parts = LLAMA_7B.parts()
    assert [f"{n / 1e6:.1f}" for n in (LLAMA_7B.attention(), LLAMA_7B.mlp())] == ["67.1", "135.3"]
    assert f"{(parts['attention'] + parts['mlp']) / 1e9:.3f}" == "6.476"
    assert f"{2 * parts['output'] / 1e6:.0f} {LLAMA_7B.total() / 1e9:.2f}" == "262 6.74"
    assert abs((LLAMA_7B.estimate() + 2 * parts["output"]) / LLAMA_7B.total() - 1) < 0.01
    tied = LLAMA3_8B.parts()["output"]
    assert f"{tied / 1e6:.0f} {tied / LLAMA3_8B.total():.1%}" == "525 6.5%"
    assert f"{QWEN25_7B.estimate() / 1e9:.1f}" == "4.3"


def test_page_bert() -> None:
    """Page: BERT by part, base and large, with and without the heads, and the Chinese vocabulary."""
    parts = bert(12, 768)
    assert parts == {
        "embeddings": 23_837_184,
        "layers": 85_054_464,
        "pooler": 590_592,
        "mlm head": 622_650,
        "nsp head": 1_538,
    }
    assert bert_encoder(12, 768) == 109_482_240
    assert sum(parts.values()) == 110_106_428
    assert bert_encoder(24, 1024) == 335_141_888
    assert sum(bert(24, 1024).values()) == 336_226_108
    assert bert_encoder(12, 768, 21_128) == 102_267_648


def test_bert_matches_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    nn = torch.nn
    with torch.device("meta"):
        layer = nn.TransformerEncoderLayer(768, 12, 3072)
        rest = [nn.Embedding(n, 768) for n in (30_522, 512, 2)] + [nn.LayerNorm(768), nn.Linear(768, 768)]
    n = [sum(p.numel() for m in ms for p in m.parameters()) for ms in ([layer], rest)]
    assert 12 * n[0] + n[1] == bert_encoder(12, 768)
