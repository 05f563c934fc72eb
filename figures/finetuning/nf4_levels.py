"""The 16 values of NF4 over the normal density, and 15 evenly spaced ones below."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.finetuning.qlora import NF4

LEFT, W, BASE, TALL = 40, 620, 190, 150


def draw() -> str:
    """Density of a weight whose block's largest value is 2.4 standard deviations, the mean of the largest of 64."""
    svg = Svg(700, 300, "NF4 的 16 个取值：靠近 0 密，两端疏")
    largest = float(np.mean(np.abs(np.random.default_rng(0).standard_normal((2000, 64))).max(1)))

    def x(v: float) -> float:
        return LEFT + W * (v + 1) / 2

    grid = np.linspace(-1, 1, 121)
    height = np.exp(-((grid * largest) ** 2) / 2)
    svg.polyline([(x(v), BASE - TALL * h) for v, h in zip(grid, height, strict=True)], stroke="currentColor", width=1.5)
    svg.line(LEFT, BASE, LEFT + W, BASE)
    for v in NF4:
        h = TALL * float(np.exp(-((v * largest) ** 2) / 2))
        svg.line(x(v), BASE, x(v), BASE - max(h, 14), stroke=ACCENT, width=3, opacity=1)
    for v in np.arange(-7, 8) / 7:
        svg.line(x(v), 226, x(v), 246, stroke=ACCENT2, width=3, opacity=1)
    svg.line(LEFT, 246, LEFT + W, 246)
    svg.text(LEFT, 40, "NF4", size=18, anchor="start", fill=ACCENT, bold=True)
    svg.text(LEFT, 218, "等距（INT4）", size=16, anchor="start", fill=ACCENT2, bold=True)
    for v, label in ((-1, "−1"), (0, "0"), (1, "1")):
        svg.text(x(v), 276, label, size=16)
    svg.text(x(0.5), 276, "w ÷ 块内最大值", size=15)
    return svg.render()
