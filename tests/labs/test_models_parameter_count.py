"""The count of parameters against the published one, model by model, and against PyTorch; docs/models/comparison.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from labs.models.parameter_count import Model, attention, block, count, ffn, linear_attention, moe

DATA = Path(__file__).resolve().parents[2] / "docs" / "data" / "models.yaml"
UNITS = {"M": 1e6, "B": 1e9, "T": 1e12}
MODELS: dict[str, dict[str, Any]] = {model["id"]: model for model in yaml.safe_load(DATA.read_text("utf-8"))}
COUNTED = [name for name, model in MODELS.items() if "layers" in model]


def off(name: str, key: str) -> float:
    """By what share the count of a model is more than the published one."""
    published = MODELS[name][key]
    return float(getattr(count(MODELS[name]), key) / (float(published[:-1]) * UNITS[published[-1]]) - 1)


@pytest.mark.parametrize("name", COUNTED)
def test_count_is_the_published_one_or_the_data_say_why(name: str) -> None:
    for key in {"total", "active"} & MODELS[name].keys():
        assert abs(off(name, key)) <= 0.01 or MODELS[name].get("note"), f"{key} {off(name, key):+.2%}"


# Elements of the released weights, where they are published to the last digit (model cards, loaders' logs).
WEIGHTS = {
    "bert-base": 109_482_240,
    "bert-large": 335_141_888,
    "gpt-2-xl": 1_557_611_200,
    "t5-base": 222_903_552,
    "t5-11b": 11_307_321_344,
    "llama-1-7b": 6_738_415_616,
    "llama-1-65b": 65_285_660_672,
    "llama-2-70b": 68_976_648_192,
    "chatglm-6b": 6_173_286_400,
    "chatglm2-6b": 6_243_584_000,
    "glm-4-9b": 9_399_951_360,
    "mistral-7b": 7_241_732_096,
    "mixtral-8x7b": 46_702_792_704,
    "llama-3-8b": 8_030_261_248,
    "llama-3-70b": 70_553_706_496,
    "llama-3.1-405b": 405_853_388_800,
    "qwen-7b": 7_721_324_544,
    "qwen-14b": 14_167_290_880,
    "qwen-72b": 72_287_920_128,
    "qwen2.5-7b": 7_615_616_512,
    "qwen2.5-72b": 72_706_203_648,
    "qwen2-57b-a14b": 57_408_658_944,
    "qwen3-30b-a3b": 30_532_122_624,
    "qwen3-235b-a22b": 235_093_634_560,
    "qwen3-next-80b-a3b": 79_674_391_296,
    "deepseek-v2": 235_741_434_880,
    "deepseek-v2-lite": 15_706_484_224,
    "deepseek-v3": 671_026_419_200,
    "kimi-k2": 1_026_408_232_448,
}
BALANCED = {"deepseek-v3", "kimi-k2"}


@pytest.mark.parametrize("name", WEIGHTS)
def test_count_is_that_of_the_released_weights(name: str) -> None:
    m = MODELS[name]
    # The balancing bias of each router, which no gradient trains, is in the files and not in the count.
    biases = (m["layers"] - m["experts"]["dense_layers"]) * m["experts"]["routed"] if name in BALANCED else 0
    assert count(m).total + biases == WEIGHTS[name]


# --- Oracle: modules of PyTorch in the shape of each kind of model, small


def elements(*modules: Any) -> int:
    """Parameters of PyTorch modules."""
    return sum(p.numel() for module in modules for p in module.parameters())


TINY: dict[str, Any] = {
    "kind": "decoder", "layers": 3, "hidden": 12, "heads": 4, "ffn": 20, "vocab": 30, "tied": False, "gated": True,
    "bias": "none", "norm": "RMSNorm",
}  # fmt: skip


def test_post_ln_encoder_matches_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    nn = torch.nn
    layer = nn.TransformerEncoderLayer(12, 4, 20)
    rest = [nn.Embedding(30, 12), nn.Embedding(9, 12), nn.Embedding(2, 12), nn.LayerNorm(12), nn.Linear(12, 12)]
    small = {"kind": "encoder", "gated": False, "bias": "all", "norm": "LayerNorm", "tied": True}
    m = {**TINY, **small, "positions": 9, "segments": 2, "pooler": True}
    assert count(m).total == 3 * elements(layer) + elements(*rest)
    assert count({**m, "shared_layers": True}).total == elements(layer) + elements(*rest)
    narrow = [nn.Embedding(41, 5), nn.LayerNorm(5), nn.Linear(5, 12), nn.Linear(12, 12)]
    assert count({**m, "embedding_dim": 5, "shared_layers": True}).total == elements(layer) + elements(*narrow)


def test_encoder_decoder_matches_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    nn = torch.nn
    # PyTorch's own has biases and LayerNorm throughout, and none of T5's relative biases.
    body = nn.Transformer(12, 4, 3, 3, 20, batch_first=True)
    m = {**TINY, "kind": "encoder-decoder", "gated": False, "bias": "all", "norm": "LayerNorm", "tied": True}
    assert count(m).total == elements(body, nn.Embedding(30, 12))
    with_bias = count({**m, "relative_buckets": 7}).total
    assert with_bias - count(m).total == elements(nn.Embedding(7, 4), nn.Embedding(7, 4))


@pytest.mark.parametrize(("bias", "qk_norm", "head_dim"), [("none", False, 3), ("qkv", False, 3), ("none", True, 5)])
def test_grouped_query_decoder_matches_torch(bias: str, qk_norm: bool, head_dim: int) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    nn = torch.nn
    b, d = bias == "qkv", head_dim
    attend = [nn.Linear(12, 4 * d, b), nn.Linear(12, 2 * d, b), nn.Linear(12, 2 * d, b), nn.Linear(4 * d, 12, False)]
    attend += [nn.RMSNorm(d), nn.RMSNorm(d)] if qk_norm else []
    up = [nn.Linear(12, 20, False), nn.Linear(12, 20, False), nn.Linear(20, 12, False)]
    rest = [nn.Embedding(30, 12), nn.RMSNorm(12), nn.Linear(12, 30, False)]
    m = {**TINY, "kv_heads": 2, "head_dim": d, "bias": bias, "qk_norm": qk_norm}
    layer = elements(*attend, *up, nn.RMSNorm(12), nn.RMSNorm(12))
    assert count(m).total == 3 * layer + elements(*rest)
    assert count(m).embedding == elements(rest[0], rest[2])
    assert count(m).active == count(m).total


@pytest.mark.parametrize("q_rank", [None, 6])
def test_latent_attention_matches_torch(q_rank: int | None) -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    nn = torch.nn
    n, c, nope, rope, value = 4, 5, 3, 2, 4
    kv = [nn.Linear(12, c + rope, False), nn.RMSNorm(c), nn.Linear(c, n * (nope + value), False)]
    query = [nn.Linear(12, q_rank, False), nn.RMSNorm(q_rank)] if q_rank else []
    query.append(nn.Linear(q_rank or 12, n * (nope + rope), False))
    mla = {"kv_rank": c, "nope": nope, "rope": rope, "value": value} | ({"q_rank": q_rank} if q_rank else {})
    assert attention({**TINY, "mla": mla}) == elements(*kv, *query, nn.Linear(n * value, 12, False))


def test_mixture_matches_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    nn = torch.nn

    def gated(inner: int) -> Any:
        return nn.ModuleList([nn.Linear(12, inner, False), nn.Linear(12, inner, False), nn.Linear(inner, 12, False)])

    experts = {"routed": 6, "active": 2, "shared": 2, "shared_gate": True, "ffn": 7, "dense_layers": 1}
    m = {**TINY, "experts": experts}
    mixture = nn.ModuleList([gated(7) for _ in range(8)] + [nn.Linear(12, 6, False), nn.Linear(12, 1, False)])
    attend = [nn.Linear(12, 12, False) for _ in range(4)] + [nn.RMSNorm(12), nn.RMSNorm(12)]
    ends = [nn.Embedding(30, 12), nn.RMSNorm(12), nn.Linear(12, 30, False)]
    assert count(m).total == 3 * elements(*attend) + elements(gated(20)) + 2 * elements(mixture) + elements(*ends)
    assert count(m).total - count(m).active == 2 * 4 * elements(gated(7))
    # Every second layer, as in Llama 4 Maverick: layers 2 of 1, 2, 3.
    every = {**TINY, "experts": {"routed": 6, "active": 1, "ffn": 7, "every": 2}}
    router = nn.Linear(12, 6, False)
    assert count(every).total - count(TINY).total == 6 * elements(gated(7)) + elements(router) - elements(gated(20))
    # Twice attention and dense FFN in a layer beside the mixture, and experts that do nothing: LongCat-Flash.
    long = {**TINY, "sublayers": 2, "experts": {"routed": 6, "active": 2, "zero": 3, "ffn": 7}}
    wide = nn.ModuleList([gated(7) for _ in range(6)] + [nn.Linear(12, 9, False)])
    assert block(long, 0) == 2 * elements(*attend, gated(20)) + elements(wide)


def test_gated_delta_layers_match_torch() -> None:
    torch = pytest.importorskip("torch", reason="needs torch==2.13.0")
    nn = torch.nn
    linear = {"full_every": 4, "key_heads": 2, "value_heads": 4, "head_dim": 3, "conv": 4}
    m = {**TINY, "layers": 4, "linear": linear, "output_gate": True, "kv_heads": 2}
    key, value = 6, 12
    delta = [
        nn.Linear(12, 2 * key + 2 * value, False),
        nn.Linear(12, 2 * 4, False),
        nn.Conv1d(2 * key + value, 2 * key + value, 4, groups=2 * key + value, bias=False),
        nn.Linear(value, 12, False),
        nn.RMSNorm(3),
    ]
    assert linear_attention(m) == elements(*delta) + 2 * 4  # decay and its offset, one number a head
    full = [nn.Linear(12, 24, False), nn.Linear(12, 6, False), nn.Linear(12, 6, False), nn.Linear(12, 12, False)]
    assert attention(m) == elements(*full)
    layers = sum(block(m, i) for i in range(4))
    assert layers == 3 * linear_attention(m) + attention(m) + 4 * (ffn(m, 20) + 24)


# --- Numbers of the page


def billions(value: float, places: int = 2) -> str:
    return f"{value / 1e9:.{places}f}"


def test_page_worked_examples() -> None:
    """Page: Llama 3 8B, Mixtral and DeepSeek-V3, part by part."""
    m: Model = MODELS["llama-3-8b"]
    assert attention(m) == 2 * 4096**2 + 2 * 4096 * 1024 == 41_943_040
    assert ffn(m, m["ffn"]) == 3 * 4096 * 14_336 == 176_160_768
    assert block(m, 0) == 41_943_040 + 176_160_768 + 8192
    assert count(m).total == 32 * block(m, 0) + 4096 + 2 * 128_256 * 4096 == 8_030_261_248

    m = MODELS["mixtral-8x7b"]
    assert attention(m) == 41_943_040 and ffn(m, 14_336) == 176_160_768
    experts = 32 * 8 * ffn(m, 14_336)
    total, active = count(m).total, count(m).active
    assert [billions(n) for n in (experts, total - experts, total, active)] == ["45.10", "1.61", "46.70", "12.88"]
    one = total - 32 * 7 * ffn(m, 14_336)
    assert billions(one) == "7.24" and one - count(MODELS["mistral-7b"]).total == 32 * 32_768

    m = MODELS["deepseek-v3"]
    expert = ffn(m, 2048)
    assert [f"{n / 1e6:.1f}" for n in (attention(m), expert)] == ["187.1", "44.0"]
    parts = {
        "routed": 58 * 256 * expert,
        "shared": 58 * expert,
        "dense": 3 * ffn(m, 18_432),
        "attention": 61 * attention(m),
        "embedding": count(m).embedding,
        "router": 58 * (moe(m, 0) - expert),
    }
    shown = {part: billions(n, 1) for part, n in parts.items()}
    assert shown == {
        "routed": "653.9", "shared": "2.6", "dense": "1.2", "attention": "11.4", "embedding": "1.9", "router": "0.1",
    }  # fmt: skip
    assert 58 * m["experts"]["routed"] == 14_848  # balancing biases, left out
    norms = (2 * 61 + 1) * 7168
    assert sum(parts.values()) + norms == count(m).total
    assert billions(count(m).total) == "671.03" and f"{parts['routed'] / count(m).total:.0%}" == "97%"
    assert billions(58 * 8 * expert, 1) == "20.4" and billions(count(m).active) == "37.55"
    assert billions(count(m).mtp, 1) == "11.6"
    one_matrix = count(m).embedding / 2
    assert [billions(count(m).active - n * one_matrix, 1) for n in (1, 2)] == ["36.6", "35.7"]


def test_page_how_many_differ_and_why() -> None:
    """Page: 58 counted, 18 totals differ by more than 1 %; the figures of the reasons, also those in the notes."""
    assert len(COUNTED) == len([name for name in COUNTED if "total" in MODELS[name]]) == 58
    assert sum(abs(off(name, "total")) > 0.01 for name in COUNTED) == 18
    assert len(MODELS) > 60
    qwen, c = MODELS["qwen-7b"], count(MODELS["qwen-7b"])
    assert [billions(n) for n in (c.total, c.total - c.embedding, c.embedding)] == ["7.72", "6.48", "1.24"]
    assert 2 * qwen["vocab"] * qwen["hidden"] == c.embedding
    seven = count(MODELS["qwen2-7b"])
    assert [billions(n, 3) for n in (seven.total, seven.embedding / 2)] == ["7.616", "0.545"]
    assert billions(seven.total - seven.embedding / 2, 2) == "7.07"
    for name, total, active in (("glm-4.5", "355.2", "32.1"), ("glm-4.5-air", "108.0", "12.2")):
        c = count(MODELS[name])
        assert [billions(n, 1) for n in (c.total - c.embedding + c.mtp, c.active - c.embedding)] == [total, active]
    kimi = MODELS["kimi-k2"]
    layer = block(kimi, 30)
    assert [billions(n, 1) for n in (count(kimi).total, layer)] == ["1026.4", "17.1"]
    assert billions(count(kimi).total + layer, 0) == "1043"
    assert [billions(count(MODELS[n]).total) for n in ("glm-4-9b", "chatglm2-6b", "t5-11b")] == [
        "9.40",
        "6.24",
        "11.31",
    ]
    c = count(MODELS["qwen3-next-80b-a3b"])
    assert [billions(n) for n in (c.active, c.active - c.embedding)] == ["3.87", "3.25"]
    c = count(MODELS["deepseek-v2"])
    assert [billions(n, 1) for n in (c.active, c.active - c.embedding / 2)] == ["21.4", "20.9"]
    c = count(MODELS["deepseek-v2-lite"])
    assert [billions(n) for n in (c.active - c.embedding / 2, c.embedding / 2)] == ["2.45", "0.21"]
    c = count(MODELS["longcat-flash"])
    assert billions(c.active - c.embedding / 2, 1) == "27.1" and billions(c.embedding / 2) == "0.81"
    assert billions(count(MODELS["qwen2-57b-a14b"]).active) == "14.25"
    assert billions(count(MODELS["qwen3-30b-a3b"]).active) == "3.35"
    assert billions(count(MODELS["glm-130b"]).total, 1) == "128.7"
    # Llama 4's vision encoder: 34 layers of width 1408, FFN 5632; two adapter matrices and the projection.
    vision = 34 * (4 * 1408**2 + 2 * 1408 * 5632) + 5632 * 4096 + 4096**2 + 4096 * 5120
    assert billions(vision) == "0.87" and billions(count(MODELS["llama-4-scout"]).total + vision, 1) == "108.6"


def test_page_qwen_and_llama_of_seven_billion() -> None:
    """Page: the vocabulary makes the difference between Qwen2.5-7B and LLaMA 7B."""
    qwen, llama = count(MODELS["qwen2.5-7b"]), count(MODELS["llama-1-7b"])
    assert billions(qwen.total - llama.total, 1) == "0.9"
    assert [billions(c.embedding) for c in (qwen, llama)] == ["1.09", "0.26"]
    assert [billions(c.total - c.embedding) for c in (qwen, llama)] == ["6.53", "6.48"]
