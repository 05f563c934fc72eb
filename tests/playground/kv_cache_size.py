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
