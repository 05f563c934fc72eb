"""The widget sampling against labs/decoding/pipeline.py and samplers.py."""

from __future__ import annotations

from math import log
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


def page() -> list[str]:
    """What happens in the things to try, one a line."""
    five, four = [*LOGITS.values()], [log(p) for p in (0.4, 0.3, 0.2, 0.1)]
    zipf, behind = [round(-1.5 * log(rank), 6) for rank in range(1, 13)], 50_257 - 12
    said, counts = [2.5, 1.5, -0.5, 1, 0.5, -1], [3, 2, 1, 0, 0, 0]

    def left(logits: list[float], engine: str = "transformers", tail: int = 0, **settings: float) -> int:
        return int(_stages(logits, [0] * len(logits), tail, settings, engine)[-1]["kept"])

    def share(word: int, **settings: float) -> str:
        return f"{_stages(said, counts, 0, settings, 'transformers')[-1]['p'][word]:.1%}"

    def whole(engine: str = "transformers", **settings: float) -> int:
        return left(zipf, engine, behind, **settings)

    cold, hot = whole(p=0.9), whole(p=0.9, t=1.3)
    assert whole("llama.cpp", p=0.9) == cold
    return [
        f"从 {left(five, p=0.9, t=2)} 个变成 {left(five, 'llama.cpp', p=0.9, t=2)} 个",
        f"只留 {left(four, k=3, p=0.75)} 个",
        f"改回 0 就是 {left(four, p=0.75)} 个",
        f"留 {cold} 个；温度升到 1.3，Transformers 的次序留 {hot:,} 个".replace(",", " "),
        f"llama.cpp 仍是 {whole('llama.cpp', p=0.9, t=1.3)} 个",
        f"只从 {whole(m=0.05)} 个增加到 {whole(m=0.05, t=1.3)} 个",
        f"的「好」从 {share(0)} 降到 {share(0, frequency=1)}",
        f"从 {share(1)} 升到 {share(1, theta=1.5)}",
    ]
