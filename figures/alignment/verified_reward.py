"""The mixed reward of Qwen2.5-Math over the reward model's score, for right and for wrong answers."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.alignment.shaped_rewards import verified_reward


def draw() -> str:
    """The same curve twice, one below the other, never overlapping."""
    svg = Svg(700, 340, "验证器与奖励模型合成的奖励")
    left, right, top, base = 70.0, 560.0, 20.0, 276.0

    def y(value: float) -> float:
        return base - (base - top) * (value + 1) / 2

    svg.line(left, top, left, base)
    svg.line(left, y(0), right, y(0), dash="4 5")
    for value in (-1, 0, 1):
        svg.text(left - 10, y(value) + 6, str(value).replace("-", "−"), anchor="end", size=17)
    scores = np.linspace(-8, 8, 81)
    for verdict, color, label in ((1.0, ACCENT, "答对"), (0.0, ACCENT2, "答错")):
        rewards = verified_reward(scores, np.full(81, verdict))
        points = [
            (left + (right - left) * (float(s) + 8) / 16, y(float(r))) for s, r in zip(scores, rewards, strict=True)
        ]
        svg.polyline(points, stroke=color, width=3)
        svg.text(right + 14, points[-1][1] + 6, label, anchor="start", size=18)
    for score in (-8, -4, 0, 4, 8):
        svg.text(left + (right - left) * (score + 8) / 16, base + 24, str(score).replace("-", "−"), size=17)
    svg.text((left + right) / 2, base + 54, "奖励模型的分数", size=18)
    return svg.render()
