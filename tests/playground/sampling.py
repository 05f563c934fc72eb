"""The widget sampling against labs/decoding/pipeline.py and samplers.py."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np

from figures.playground.sampling import LOGITS, SETTINGS
from labs.attention.scaled_dot_product import softmax
from labs.decoding.pipeline import ORDERS, Settings, next_distribution, stages
from labs.decoding.samplers import entropy, kept, with_tail
from tests.playground import Check


def _draw(rng: Random) -> list[Any]:
    size = rng.randint(2, 16)
    logits = [round(rng.gauss(0, 3), 3) for _ in range(size)]
    counts = [rng.choice([0, 0, 1, 2, 5]) for _ in range(size)]
    settings = {
        "theta": rng.choice([1, 1.2, round(rng.uniform(1, 2), 2)]),
        "presence": rng.choice([0, round(rng.uniform(-2, 2), 1)]),
        "frequency": rng.choice([0, round(rng.uniform(-2, 2), 1)]),
        "t": rng.choice([1, round(rng.uniform(0.05, 5), 2)]),
        "k": rng.choice([0, 1, rng.randint(2, 20), 200]),
        "p": rng.choice([1, round(rng.uniform(0.01, 0.99), 2)]),
        "m": rng.choice([0, round(rng.uniform(0, 1), 2)]),
    }
    return [logits, counts, rng.choice([0, 0, 30, rng.randint(1, 2000)]), settings, rng.choice([*ORDERS])]


def _stages(
    logits: list[float], counts: list[int], tail: int, settings: dict[str, Any], engine: str
) -> list[dict[str, Any]]:
    context = [token for token, count in enumerate(counts) for _ in range(count)]
    whole = with_tail(np.array(logits), tail)
    told = []
    for z in stages(whole, context, Settings(**settings), engine):
        p = softmax(z)
        head = p[: len(logits)]
        effective = float(np.exp(entropy(p)))
        told.append(
            {"kept": len(kept(z)), "p": head.tolist(), "behind": float(p[len(logits) :].sum()), "effective": effective}
        )
    return told


CHECKS = [Check("stages", _draw, _stages)]


def shown() -> list[str]:
    """The distribution at the start: what is drawn from, and what is cut."""
    p = next_distribution(np.array([*LOGITS.values()]), [], SETTINGS)
    return [f"{each:.1%}" if each else "截掉" for each in p]
