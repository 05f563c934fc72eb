"""Median variance over generations of refitting, with and without real data, from the lab."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.pretraining.model_collapse import refit


def draw() -> str:
    """Two curves: the model's own samples only, and with a tenth of real data."""
    svg = Svg(700, 330, "反复用自己的样本拟合，方差的中位数")
    left, right, top, bottom = 70.0, 500.0, 24.0, 262.0
    for value in (0.0, 0.5, 1.0):
        y = bottom - (bottom - top) * value / 1.05
        svg.line(left, y, right, y, opacity=0.2)
        svg.text(left - 10, y + 6, f"{value:g}", anchor="end", size=17)
    for real, color, name in [(0.0, ACCENT2, "只用自己的样本"), (0.1, ACCENT, "掺 10% 真实数据")]:
        median = np.median(refit(np.random.default_rng(0), 1000, 50, 150, real), axis=1)  # (151,)
        points = [
            (left + (right - left) * g / 150, bottom - (bottom - top) * float(v) / 1.05)
            for g, v in enumerate(median)
            if g % 5 == 0
        ]
        svg.polyline(points, stroke=color, width=3)
        svg.text(right + 12, points[-1][1] + 6, name, anchor="start", size=18, fill=color, bold=True)
    for g in (0, 50, 100, 150):
        svg.text(left + (right - left) * g / 150, bottom + 26, str(g), size=17)
    svg.text((left + right) / 2, bottom + 54, "第几代", size=18)
    return svg.render()
