"""The widget decoder-size against labs/foundations/decoder_params.py and decoder_flops.py."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from figures.bars import flop, short
from labs.foundations.decoder_flops import forward, forward_total, quadratic_share, training
from labs.foundations.decoder_params import GPT2_XL, LLAMA3_8B, QWEN25_7B, Decoder
from tests.playground import Check


def shape(rng: Random) -> dict[str, Any]:
    """A decoder of random shape, as the widget has it."""
    heads = rng.randint(1, 128)
    return {
        "layers": rng.randint(1, 200),
        "h": heads * rng.randint(1, 160),
        "heads": heads,
        "kv_share": rng.randint(1, 16),
        "ffn": rng.choice([0, rng.randint(1, 65_536)]),
        "gated": rng.random() < 0.5,
        "vocab": rng.randint(256, 300_000),
        "positions": rng.choice([0, rng.randint(1, 8192)]),
        "bias": rng.choice(["all", "qkv", "none"]),
        "rms": rng.random() < 0.5,
        "tied": rng.random() < 0.5,
    }


def decoder(fields: dict[str, Any]) -> Decoder:
    """The lab's record of a shape."""
    return Decoder("drawn", **fields)


def _parts(fields: dict[str, Any]) -> dict[str, int]:
    found = decoder(fields).parts()
    return {"embedding" if name == "token embedding" else name: count for name, count in found.items()}


def _forward(fields: dict[str, Any], b: int, s: int) -> dict[str, int]:
    names = {"q, o": "qo", "k, v": "kv"}
    return {names.get(name, name): work for name, work in forward(decoder(fields), b, s).items()}


def _sizes(rng: Random) -> list[Any]:
    return [shape(rng), rng.randint(1, 1024), rng.randint(1, 2**20)]


CHECKS = [
    Check("parts", lambda rng: [shape(rng)], _parts),
    Check("total", lambda rng: [shape(rng)], lambda fields: decoder(fields).total()),
    Check("forward", _sizes, _forward),
    Check(
        "training",
        lambda rng: [*_sizes(rng), rng.random() < 0.5],
        lambda fields, b, s, recompute: training(decoder(fields), b, s, recompute),
    ),
]


def shown() -> list[str]:
    """Llama 3 8B: its parameters, and a forward pass of 2048 tokens, in all and by part."""
    counts = LLAMA3_8B.parts()
    return [
        short(LLAMA3_8B.total()),
        flop(forward_total(LLAMA3_8B, 1, 2048)),
        *(short(counts[name]) for name in ("attention", "mlp", "token embedding", "output")),
    ]


def page() -> list[str]:
    """Shares of Llama 3 8B and of the rule of thumb; with a KV head for each query head; at two lengths."""
    total, parts, long = LLAMA3_8B.total(), LLAMA3_8B.parts(), 131_072
    return [
        *(f"{parts[name] / total:.1%}" for name in ("mlp", "attention")),
        *(f"{model.estimate() / model.total():.1%}" for model in (LLAMA3_8B, GPT2_XL, QWEN25_7B)),
        *(short(model.total()) for model in (LLAMA3_8B, replace(LLAMA3_8B, kv_share=1))),
        *(f"{quadratic_share(LLAMA3_8B, s):.1%}" for s in (2048, long)),
        f"{2 * total * long / forward_total(LLAMA3_8B, 1, long):.1%}",
    ]
