"""Share of groups that carry a signal, over the pass rate of the question, for three group sizes."""

from __future__ import annotations

import numpy as np

from figures.chart import Chart
from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.alignment.group_advantage import informative

CURVES = [(64, ACCENT, ""), (16, ACCENT2, ""), (4, INK, "8 5")]


def draw() -> str:
    """1 − p^G − (1−p)^G: flat in the middle, steep at both ends."""
    svg = Svg(700, 330, "有信号的组所占的比例")
    chart = Chart(svg, 70, 540, 20, 262)
    chart.axes({0: "0.0", 0.5: "0.5", 1: "1.0"}, "题目的通过率 p")
    for row, (size, color, dash) in enumerate(CURVES):
        chart.curve(((float(p), informative(float(p), size)) for p in np.linspace(0, 1, 101)), color, dash)
        chart.key(60 + 40 * row, f"G={size}", color, dash)
    return svg.render()
