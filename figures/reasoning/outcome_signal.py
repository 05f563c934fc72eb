"""Chance that a sampled chain carries a non-zero outcome reward, by the number of steps, for three step accuracies."""

from __future__ import annotations

import numpy as np

from figures.chart import Curve, plot
from figures.svg import ACCENT, ACCENT2, Svg
from labs.reasoning.credit import chains, outcome_reward

LENGTHS = list(range(1, 13))


def share(p: float, length: int) -> float:
    """Probability that every step is right, by summing over all chains."""
    steps, weight, _ = chains(np.full(length, np.log(p / (1 - p))))
    return float(weight @ outcome_reward(steps)[:, 0])


def draw() -> str:
    """Geometric decay against the flat line of a step label."""
    svg = Svg(720, 344, "一条采样拿到非零结果奖励的概率随步数下降")
    curves: list[Curve] = [
        ([0.8 for _ in LENGTHS], ACCENT, "9 5", "步奖励，0.8", 74.0),
        ([share(0.95, n) for n in LENGTHS], ACCENT, "", "结果，0.95", 136.0),
        ([share(0.8, n) for n in LENGTHS], ACCENT2, "", "结果，0.8", 226.0),
        ([share(0.5, n) for n in LENGTHS], ACCENT2, "3 5", "结果，0.5", 264.0),
    ]
    plot(svg, [(n - 1) / 11 for n in LENGTHS], {(n - 1) / 11: str(n) for n in (1, 4, 8, 12)}, curves, "推理步数 T")
    return svg.render()
