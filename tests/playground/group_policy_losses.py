"""The widget group-policy-losses against labs/alignment/policy_losses.py and clip_higher.py."""

from __future__ import annotations

from math import log
from random import Random
from typing import Any

import numpy as np

from figures.playground.group_policy_losses import LOGS, RATIOS, REWARDS, four_decimals, padded, run
from labs.alignment.clip_higher import headroom
from labs.alignment.policy_losses import (
    DAPO,
    DR_GRPO,
    GRPO,
    GSPO,
    Array,
    Recipe,
    group_advantage,
    policy_loss,
    token_weights,
)
from tests.playground import Check

METHODS = {"grpo": GRPO, "dr": DR_GRPO, "dapo": DAPO, "gspo": GSPO}
AVERAGES = ["sample", "tokens", "constant"]
EXAMPLES: dict[str, list[tuple[float, list[float]]]] = {
    "sheet": list(zip(REWARDS, RATIOS, strict=True)),
    "long": [
        (1, [1.05, 0.96, 1.1, 1.02, 0.97]),
        (1, [1.08, 1.03, 0.94, 1.1, 1.01]),
        (0, [0.95, 1.04]),
        (0, [0.97, 1.02, 0.93, 1.05, 0.98, 1.01, 0.96, 1.03, 0.94, 0.99]),
    ],
    "rare": [
        (1, [0.0125 / 0.01, 0.99 / 0.9, 0.33 / 0.3, 0.52 / 0.5]),
        (0, [0.45 / 0.5, 0.75 / 0.9, 0.36 / 0.4]),
        (0, [0.15 / 0.2, 0.58 / 0.6, 0.31 / 0.3]),
        (0, [0.66 / 0.7, 0.055 / 0.05, 0.48 / 0.5]),
    ],
    "mild": [
        (1, [1.04, 0.98, 1.03, 1.01, 0.99, 1.02]),
        (1, [1.04, 0.98, 0.99, 1.01, 1, 0.98]),
        (0, [1.03, 1.01, 0.99, 1.02, 0.98, 1.02, 1.01]),
        (0, [1.02, 0.97, 0.99, 1.01, 0.96, 0.98, 1.01, 0.99, 0.98, 0.97]),
    ],
}


def _method(name: str) -> dict[str, Any]:
    recipe = METHODS[name]
    return {
        "std": recipe.divide_by_std,
        "unit": "answer" if recipe.sequence_ratio else "token",
        "average": recipe.average,
        "low": recipe.low,
        "high": recipe.high,
    }


def _draw_rewards(rng: Random) -> list[Any]:
    size = rng.randint(2, 6)
    some: list[float] = rng.choice([[0.0, 1.0], [-1.0, 1.0], [0.1, 0.1], [rng.gauss(0, 1) for _ in range(size)]])
    return [[rng.choice(some) for _ in range(size)], rng.random() < 0.5]


def _lengths(rng: Random) -> list[int]:
    return [rng.randint(1, 10) for _ in range(rng.randint(2, 6))]


def _draw_loss(rng: Random) -> list[Any]:
    lengths = _lengths(rng)
    noise = 10 ** rng.uniform(-4, 0)
    logs = [[rng.gauss(0, noise) for _ in range(length)] for length in lengths]
    low, high = rng.choice([(0.2, 0.2), (0.2, 0.28), (3e-4, 4e-4), (rng.random(), rng.random())])
    unit = rng.choice(["token", "answer"])
    recipe = {"std": True, "unit": unit, "average": rng.choice(AVERAGES), "low": low, "high": high}
    # One sign outweighs the other, as it does not in a group: a loss that cancels has no digits to compare.
    sign = rng.choice([1, -1])
    sizes = [sign, sign, 0, -0.01 * sign]
    return [recipe, logs, [rng.choice(sizes) * abs(rng.gauss(0, 1)) for _ in lengths], rng.randint(10, 64)]


def _loss(recipe: dict[str, Any], logs: list[list[float]], advantages: list[float], longest: int) -> dict[str, Any]:
    log_ratio, mask = padded(logs)  # (G, T)
    whole = Recipe("drawn", True, recipe["unit"] == "answer", recipe["low"], recipe["high"], recipe["average"])
    a = np.where(mask, np.array(advantages)[:, None], 0.0)  # (G, T)
    none = np.zeros(len(logs), dtype=bool)
    loss, grad = policy_loss(whole, log_ratio, np.zeros_like(log_ratio), log_ratio, mask, a, longest, none)
    return {"loss": loss, "grad": [row[: len(own)].tolist() for row, own in zip(grad, logs, strict=True)]}


def _weights(average: str, lengths: list[int], longest: int) -> list[float]:
    mask = np.arange(max(lengths)) < np.array(lengths)[:, None]  # (G, T)
    return [float(each) for each in token_weights(Recipe("drawn", average=average), mask, longest)[:, 0]]


CHECKS = [
    Check("example", lambda rng: [rng.choice(list(EXAMPLES))], EXAMPLES.__getitem__),
    Check("method", lambda rng: [rng.choice(list(METHODS))], _method),
    Check("advantages", _draw_rewards, lambda rewards, std: group_advantage(np.array(rewards), std).tolist()),
    Check("weights", lambda rng: [rng.choice(AVERAGES), _lengths(rng), rng.randint(10, 64)], _weights),
    Check("loss", _draw_loss, _loss),
    Check("headroom", lambda rng: [rng.random(), rng.random()], lambda p, high: float(headroom(np.array(p), high))),
]


def shown() -> list[str]:
    """Tokens without a gradient and the loss at the start, by method."""
    found = [run(recipe, LOGS, REWARDS) for recipe in METHODS.values()]
    return [f"{int((grad == 0).sum())} / {grad.size}" for _, grad in found] + [four_decimals(loss) for loss, _ in found]


def _example(name: str, recipe: Recipe, way: float = 1) -> tuple[float, list[Array]]:
    """Loss and gradient by answer of an example, so much of the way to the new policy."""
    rewards = [reward for reward, _ in EXAMPLES[name]]
    logs = [[way * log(ratio) for ratio in ratios] for _, ratios in EXAMPLES[name]]
    loss, grad = run(recipe, logs, rewards)
    return loss, np.split(grad, np.cumsum([len(own) for own in logs])[:-1])


def _lost(name: str, recipe: Recipe, way: float = 1) -> int:
    """Tokens without a gradient."""
    return sum(int((own == 0).sum()) for own in _example(name, recipe, way)[1])


def _out(recipe: Recipe) -> int:
    """Tokens of the first example that are out of the bounds and keep their gradient."""
    ratios = np.array([ratio for own in RATIOS for ratio in own])
    grad = run(recipe, LOGS, REWARDS)[1]
    return int(((grad != 0) & ((ratios > 1 + recipe.high) | (ratios < 1 - recipe.low))).sum())


def _shares(name: str, recipe: Recipe) -> list[str]:
    """Of all that pulls, by answer."""
    pull = np.array([np.abs(own).sum() for own in _example(name, recipe)[1]])
    return [f"{share:.1%}" for share in pull / pull.sum()]


def page() -> list[str]:
    """What happens in the things to try."""
    grpo, dapo = (_shares("long", recipe)[2:] for recipe in (GRPO, DAPO))
    lengths = [len(ratios) for _, ratios in EXAMPLES["long"]]
    assert _lost("mild", GRPO) == _lost("mild", GSPO, 0.02) == 0 < _lost("mild", GSPO, 0.03)
    assert abs(_example("sheet", GRPO, 0)[0]) < 1e-12 and _lost("sheet", GRPO, 0) == 0
    means = [float(np.exp(np.mean(np.log(EXAMPLES["mild"][index][1])))) for index in (0, 1, 2, 3)]
    return [
        *(f"{_lost('sheet', recipe)} 个" for recipe in (GRPO, DAPO, GSPO)),
        f"{_out(GRPO)} 个越界",
        *(f"{weight:.4g}" for average in ("sample", "tokens") for weight in _weights(average, lengths, 10)[2:]),
        *grpo,
        *dapo,
        *(f"{float(headroom(np.array(0.01), recipe.high)):.4g}" for recipe in (GRPO, DAPO)),
        f"{0.9 * (1 + GRPO.high):.3g}",
        f"{_lost('mild', GSPO)} 个",
        *(f"{s:.4f}" for s in means),
    ]
