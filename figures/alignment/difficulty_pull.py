"""How loudly a question speaks, over its pass rate: with and without the division by the standard deviation."""

from __future__ import annotations

import numpy as np

from figures.chart import Chart
from figures.svg import ACCENT, ACCENT2, Svg
from labs.alignment.group_advantage import question_weight


def draw() -> str:
    """Both curves are scaled to 1 at p = 0.5, so only the shape is compared."""
    svg = Svg(700, 330, "一道题在更新中的份量")
    chart = Chart(svg, 70, 500, 20, 262)
    chart.axes({0: "0.0", 0.5: "0.5", 1: "1.0"}, "题目的通过率 p")
    for row, (kind, color, label) in enumerate([("grpo", ACCENT2, "除以标准差"), ("dr", ACCENT, "只减均值")]):
        half = question_weight(0.5, kind)
        chart.curve(((float(p), question_weight(float(p), kind) / half) for p in np.linspace(0.001, 0.999, 121)), color)
        chart.key(60 + 40 * row, label, color)
    return svg.render()
