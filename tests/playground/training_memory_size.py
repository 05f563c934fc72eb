"""The widget training-memory-size against labs/numerics/training_memory.py and the labs of LoRA and QLoRA."""

from __future__ import annotations

from dataclasses import asdict
from random import Random
from typing import Any

from figures.bars import gb
from labs.finetuning.peft_params import ALL_LINEAR, linear_layers, lora
from labs.finetuning.qlora import base_bytes, bits
from labs.foundations.decoder_params import LLAMA_7B
from labs.numerics.training_memory import (
    FP32_ADAM,
    FP32_MOMENTUM,
    FP32_SGD,
    MIXED_ADAM,
    MIXED_ADAM_8BIT,
    MIXED_ADAM_FP32_GRAD,
    States,
    activation_bytes,
    state_parts,
)
from tests.playground import Check
from tests.playground.decoder_size import decoder, shape

STATES = [MIXED_ADAM, MIXED_ADAM_FP32_GRAD, MIXED_ADAM_8BIT, FP32_ADAM, FP32_MOMENTUM, FP32_SGD]


def _states(rng: Random) -> list[Any]:
    sizes = [rng.randint(1, 10**12), rng.choice([0, rng.randint(1, 10**12)])]
    return [*sizes, asdict(rng.choice(STATES)), rng.randint(0, 3), rng.randint(1, 4096)]


def _activations(rng: Random) -> list[Any]:
    sizes = [rng.randint(1, 2**17), rng.randint(1, 256), rng.randint(64, 20_480), rng.randint(1, 256)]
    return [*sizes, rng.randint(1, 200), rng.choice(["all", "selective", "inputs"])]


def _lora(rng: Random) -> list[Any]:
    return [shape(rng), rng.randint(1, 512), rng.sample(ALL_LINEAR, rng.randint(1, 7))]


def _frozen(rng: Random) -> list[Any]:
    fields = shape(rng)
    return [fields, decoder(fields).total(), rng.random() < 0.5]


def _frozen_bytes(fields: dict[str, Any], total: int, nf4: bool) -> float:
    linear = fields["layers"] * sum(d * k for d, k in linear_layers(decoder(fields)).values())
    return base_bytes(linear, total - linear, bits() if nf4 else 16)


CHECKS = [
    Check(
        "stateParts",
        _states,
        lambda trained, frozen, states, stage, cards: state_parts(trained, frozen, States(**states), stage, cards),
    ),
    Check("activationBytes", _activations, activation_bytes),
    Check("loraParams", _lora, lambda fields, r, targets: lora(r, tuple(targets), decoder(fields))),
    Check("frozenBytes", _frozen, _frozen_bytes),
]


def shown() -> list[str]:
    """LLaMA 2 7B in mixed precision on 8 cards, one sequence of 4096 tokens, without s × s: each ZeRO stage."""
    kept = activation_bytes(4096, 1, 4096, 32, 32, "selective")
    return [gb(sum(state_parts(LLAMA_7B.total(), 0, MIXED_ADAM, stage, 8).values()) + kept) for stage in range(4)]


def page() -> list[str]:
    """The three cases of the page: ZeRO, LoRA and QLoRA, twice the length."""
    total, trained = LLAMA_7B.total(), lora(8, ALL_LINEAR)
    linear = LLAMA_7B.layers * sum(d * k for d, k in linear_layers(LLAMA_7B).values())
    frozen = base_bytes(linear, total - linear, bits())
    cases = [(total, 0), (trained, 2 * total), (trained, frozen)]
    states = [state_parts(count, rest, MIXED_ADAM) for count, rest in cases]
    kept = [activation_bytes(s, 1, 4096, 32, 32, keep) for s in (4096, 8192) for keep in ("all", "selective")]
    return [
        *(size.removesuffix("\N{NO-BREAK SPACE}GB") for size in shown()),
        *(gb(sum(parts.values())) for parts in states),
        *map(gb, kept),
        f"{bits():.3f} bit",
    ]
