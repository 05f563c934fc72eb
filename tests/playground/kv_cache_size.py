"""The widget kv-cache-size against labs/models/layer_cache.py."""

from __future__ import annotations

from random import Random
from typing import Any

from figures.bars import gib
from figures.records import RECORDS
from labs.models.layer_cache import layers_of, numbers
from tests.playground import Check

DECODERS = [model for model in RECORDS.values() if model.get("kind") == "decoder" and "layers" in model]
KINDS = ["own", "mha", "gqa", "mqa", "mla"]


def _draw(rng: Random) -> list[Any]:
    sizes = [rng.randint(1, 128), rng.randint(1, 2**20), rng.randint(1, 1024)]
    return [rng.choice(DECODERS), rng.choice(KINDS), *sizes, rng.choice([16, 8, 4])]


def _bytes(model: dict[str, Any], kind: str, groups: int, tokens: int, requests: int, bits: int) -> dict[str, float]:
    layers = layers_of(model, kind, groups)
    fixed, one, whole = (numbers(layers, n) * bits / 8 for n in (0, 1, tokens))
    return {"perToken": one - fixed, "fixed": fixed, "one": whole, "all": whole * requests}


CHECKS = [Check("cacheBytes", _draw, _bytes)]


def shown() -> list[str]:
    """One request of Llama 3 8B with its own attention and with each other kind."""
    return [gib(_bytes(RECORDS["llama-3-8b"], kind, 8, 8192, 1, 16)["all"]) for kind in KINDS]


def page() -> list[str]:
    """Qwen-72B and 2.5; DeepSeek-V3 as it is and as MHA; Qwen3-Next at 1024 and 262 144 tokens."""

    def at(name: str, kind: str = "own", tokens: int = 1) -> dict[str, float]:
        return _bytes(RECORDS[name], kind, 8, tokens, 1, 16)

    own, mha = (at("deepseek-v3", kind)["perToken"] for kind in ("own", "mha"))
    short, long = (at("qwen3-next-80b-a3b", tokens=tokens) for tokens in (1024, 262_144))
    each = [at("qwen-72b")["perToken"], at("qwen2.5-72b")["perToken"], mha, own]
    return [
        *(gib(size) for size in (*each, short["fixed"], short["one"] - short["fixed"])),
        f"{mha / own:.1f} 倍",
        f"{long['fixed'] / long['one']:.2%}",
    ]
