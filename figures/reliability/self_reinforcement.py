"""Probability of saying a sentence again over how often it was said, in the induction toy."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.reliability.repetition import repeat_probability

TIMES = list(range(11))


def draw() -> str:
    """Two curves: the same sentence, and one whose tokens are likelier from the start."""
    base = np.random.default_rng(0).normal(0, 1, 50)
    raised = base.copy()
    raised[:8] += 1.5
    svg = Svg(700, 330, "句子被重复的次数越多，再说一遍的概率越高，随后停在低于 1 的上限")
    left, right, top, base_y = 70.0, 660.0, 24.0, 260.0

    def curve(logits: np.ndarray) -> list[tuple[float, float]]:
        values = [repeat_probability(logits, list(range(20, 40)), list(range(8)), m) for m in TIMES]
        return [
            (left + (right - left) * m / TIMES[-1], base_y - (base_y - top) * v)
            for m, v in zip(TIMES, values, strict=True)
        ]

    svg.line(left, base_y, right, base_y)
    svg.line(left, base_y, left, top)
    svg.line(left, top, right, top, dash="4 6", opacity=0.4)
    for value in (0.0, 0.5, 1.0):
        svg.text(left - 10, base_y - (base_y - top) * value + 6, f"{value:.1f}", anchor="end", size=17)
    for m in (0, 2, 4, 6, 8, 10):
        svg.text(left + (right - left) * m / TIMES[-1], base_y + 24, str(m), size=17)
    svg.text((left + right) / 2, base_y + 52, "上文里已经重复的次数", size=18)
    for logits, color, label, y in [
        (raised, ACCENT2, "初始概率较高的句子", 150),
        (base, ACCENT, "初始概率较低的句子", 184),
    ]:
        points = curve(logits)
        svg.polyline(points, stroke=color, width=3)
        for x, yy in points:
            svg.circle(x, yy, 5, fill=color)
        svg.circle(352, y - 6, 6, fill=color)
        svg.text(368, y, label, anchor="start", size=18)
    return svg.render()
