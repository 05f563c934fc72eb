"""How loudly a question speaks, over its pass rate: with and without the division by the standard deviation."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.alignment.group_advantage import question_weight


def draw() -> str:
    """Both curves are scaled to 1 at p = 0.5, so only the shape is compared."""
    svg = Svg(700, 330, "一道题在更新中的份量")
    left, right, top, base = 70.0, 500.0, 20.0, 262.0
    svg.line(left, base, right, base)
    svg.line(left, base, left, top)
    for value in (0.0, 0.5, 1.0):
        svg.text(left - 10, base - (base - top) * value + 6, f"{value:.1f}", anchor="end", size=17)
        svg.text(left + (right - left) * value, base + 24, f"{value:.1f}", size=17)
    svg.text((left + right) / 2, base + 54, "题目的通过率 p", size=18)
    for row, (kind, color, label) in enumerate([("grpo", ACCENT2, "除以标准差"), ("dr", ACCENT, "只减均值")]):
        rates = np.linspace(0.001, 0.999, 121)
        half = question_weight(0.5, kind)
        points = [
            (left + (right - left) * float(p), base - (base - top) * question_weight(float(p), kind) / half)
            for p in rates
        ]
        svg.polyline(points, stroke=color, width=3)
        y = 60 + 40 * row
        svg.line(right + 22, y, right + 62, y, stroke=color, width=3, opacity=1)
        svg.text(right + 72, y + 6, label, anchor="start", size=18)
    return svg.render()
