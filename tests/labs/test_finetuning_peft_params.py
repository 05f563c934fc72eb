"""Parameters of PEFT methods, and the numbers of docs/finetuning/peft-taxonomy.md, bitfit.md and their neighbours."""

from __future__ import annotations

from dataclasses import replace

import pytest

from labs.finetuning.lora import state_bytes
from labs.finetuning.peft_params import (
    ALL_LINEAR,
    LAYERS,
    LINEAR,
    MODEL,
    TOTAL,
    H,
    adalora,
    adapter,
    bert_biases,
    bert_query_and_inner,
    linear_layers,
    lora,
    p_tuning_encoder,
    prefix,
    prefix_mlp,
    prompt,
    table,
)
from labs.foundations.decoder_params import GPT2, LLAMA3_8B, QWEN25_7B, Decoder, bert_encoder


def test_table() -> None:
    """Page peft-taxonomy, the table: parameters, share, FLOPs a token, cache."""
    rows = [(r.kept, round(r.share(), 3), round(r.flops() / 1e6, 1), r.cache_bytes() / 2**20) for r in table()]
    assert rows == [
        (33_820_672, 0.502, 67.6, 0),
        (409_600, 0.006, 0, 50),
        (7_864_320, 0.117, 0, 15),
        (0, 0, 0, 0),
        (4_194_304, 0.062, 0, 0),
        (8_388_608, 0.124, 0, 0),
        (19_988_480, 0.297, 0, 0),
        (159_907_840, 2.373, 0, 0),
        (29_985_408, 0.445, 0, 0),
    ]
    assert TOTAL == 6_738_415_616


def test_linear_layers_are_the_models() -> None:
    """The shapes listed by name add up to the attention and MLP of the configuration."""
    assert sum(d * k for d, k in LINEAR.values()) == MODEL.attention() + MODEL.mlp()


@pytest.mark.parametrize("model", [GPT2, LLAMA3_8B, QWEN25_7B], ids=lambda model: model.name)
def test_linear_layers_of_other_models(model: Decoder) -> None:
    """Without biases the shapes add up to the model's attention and MLP; LoRA adds d + k for each at rank 1."""
    layers = linear_layers(model)
    plain = replace(model, bias="none")
    assert sum(d * k for d, k in layers.values()) == plain.attention() + plain.mlp()
    assert ("gate" in layers) == model.gated
    assert lora(3, ALL_LINEAR, model) == 3 * model.layers * sum(d + k for d, k in layers.values())


def test_formulas_by_counting_tensors() -> None:
    """The same counts from tensors of a small shape, scaled: LoRA, adapter, prefix, reparameterisation."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    nn = torch.nn

    def size(module: object) -> int:
        return sum(p.numel() for p in module.parameters())  # type: ignore[attr-defined]

    m, r, length, mid = 64, 8, 30, 512
    with torch.device("meta"):
        one = nn.Sequential(nn.Linear(H, m), nn.ReLU(), nn.Linear(m, H))
        assert adapter(m) == 2 * LAYERS * size(one)
        pairs = [nn.Sequential(nn.Linear(k, r, bias=False), nn.Linear(r, d, bias=False)) for d, k in LINEAR.values()]
        assert lora(r, ALL_LINEAR) == LAYERS * sum(map(size, pairs))
        mlp = nn.Sequential(nn.Embedding(length, H), nn.Linear(H, mid), nn.Tanh(), nn.Linear(mid, LAYERS * 2 * H))
        assert prefix_mlp(length) == size(mlp)
        lstm = nn.LSTM(H, H // 2, num_layers=2, bidirectional=True)
        assert p_tuning_encoder(H) == size(lstm) + size(nn.Sequential(nn.Linear(H, H), nn.Linear(H, H)))
    assert prefix(30) == LAYERS * 2 * 30 * H
    assert adalora(12, ALL_LINEAR) - lora(12, ALL_LINEAR) == LAYERS * 12 * 7


def test_training_only_parameters() -> None:
    """Page soft-prompt-tuning-family: 137 M for the prefix MLP, 235 M (3.5 %) for the LSTM encoder."""
    assert round(prefix_mlp(30) / 1e6) == 137
    assert round(p_tuning_encoder(H) / 1e6) == 235
    assert round(100 * p_tuning_encoder(H) / TOTAL, 1) == 3.5
    assert round(p_tuning_encoder(H) / prompt(100)) == 574
    assert p_tuning_encoder(H) == 14 * H**2 + 18 * H


def test_mam_and_single_adapters() -> None:
    """Page adapter-tuning: one FFN adapter a block 16.9 M; MAM (prefix 30, parallel adapter 512) 142.2 M, 2.1 %."""
    assert round(adapter(64, 1) / 1e6, 1) == 16.9
    mam = adapter(512, 1) + prefix(30)
    assert round(mam / 1e6, 1) == 142.2
    assert round(100 * mam / TOTAL, 1) == 2.1
    assert 2 * 64 * H + H + 64 == 528_448


def test_share_of_the_matrices() -> None:
    """Page peft-taxonomy: unmerged LoRA, 40.0 MFLOPs a token on all linear layers with r = 8."""
    assert round(2 * lora(8, ALL_LINEAR) / 1e6, 1) == 40.0


def test_memory_by_trained_parameters() -> None:
    """Page peft-taxonomy: 49 times fewer parameters than LoRA r = 8, memory 13.5 against 13.8 GB."""
    assert round(lora(8, ALL_LINEAR) / 409_600) == 49
    small, large = state_bytes(TOTAL, 409_600), state_bytes(TOTAL, lora(8, ALL_LINEAR))
    assert round(small / 1e9, 1) == 13.5
    assert round(large / 1e9, 1) == 13.8


def test_bert_biases_equal_torch() -> None:
    """Page bitfit: 102 912 (0.09 %) and 272 384 (0.08 %); the subset 46 080 (0.04 %)."""
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    with torch.device("meta"):
        layer = torch.nn.TransformerEncoderLayer(768, 12, 4 * 768)
    one = sum(p.numel() for name, p in layer.named_parameters() if name.endswith("bias"))
    assert one == 11 * 768
    assert bert_biases(12, 768) == 12 * one + 2 * 768 == 102_912
    assert bert_biases(24, 1024) == 272_384
    assert round(100 * bert_biases(12, 768) / bert_encoder(12, 768), 2) == 0.09
    assert round(100 * bert_biases(24, 1024) / bert_encoder(24, 1024), 2) == 0.08
    assert bert_query_and_inner(12, 768) == 46_080
    assert round(100 * 46_080 / bert_encoder(12, 768), 2) == 0.04


def test_biases_of_decoders() -> None:
    """Page bitfit: LLaMA-2-7B has none, Qwen2.5-7B those of Q, K, V: 129 024, 0.0017 %."""
    assert MODEL.bias == "none"
    assert MODEL.rms
    q = QWEN25_7B
    biases = q.layers * (q.h + 2 * q.h // q.kv_share)
    assert biases == 129_024
    assert round(100 * biases / q.total(), 4) == 0.0017
