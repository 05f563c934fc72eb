"""Stated against actual chance of a linear reward model: fitted to 20 pairs, and to 2000."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.alignment.linear_reward import calibration, draw_pairs, fit

W = np.array([1.0, -0.5, 0.0, 0.5])
EDGES = np.array([0.5, 0.6, 0.7, 0.8, 0.9, 1 + 1e-9])
X0, X1, Y0, Y1 = 80.0, 520.0, 340.0, 50.0


def draw() -> str:
    """The diagonal is honesty; one curve lies on it and one sags."""
    svg = Svg(680, 405, "校准曲线：2000 对训练的奖励模型贴着对角线，20 对训练的远低于对角线")

    def point(x: float, y: float) -> tuple[float, float]:
        return X0 + (X1 - X0) * (x - 0.5) / 0.5, Y0 + (Y1 - Y0) * (y - 0.4) / 0.6

    for y in (0.4, 0.6, 0.8, 1.0):
        svg.line(X0, point(0.5, y)[1], X1, point(0.5, y)[1], opacity=0.15)
        svg.text(X0 - 10, point(0.5, y)[1] + 5, f"{y:.0%}", size=15, anchor="end")
    for x in (0.5, 0.75, 1.0):
        svg.text(point(x, 0)[0], Y0 + 24, f"{x:.0%}", size=15)
    svg.line(*point(0.5, 0.5), *point(1, 1), dash="5 5")
    svg.text((X0 + X1) / 2, Y0 + 52, "模型报出的胜率", size=16)
    svg.text(X0 - 60, Y1 - 24, "实际胜率", size=15, anchor="start")
    test = draw_pairs(20_000, W, np.random.default_rng(0))
    for n, color, label in ((2000, ACCENT, "2000 对"), (20, ACCENT2, "20 对")):
        stated, actual = calibration(fit(draw_pairs(n, W, np.random.default_rng(1))), test, EDGES)
        curve = [point(float(s), float(a)) for s, a in zip(stated, actual, strict=True)]
        svg.polyline(curve, stroke=color, width=3)
        for x, y in curve:
            svg.circle(x, y, 5, fill=color)
        svg.text(curve[-1][0] + 14, curve[-1][1] + 20, label, size=16, anchor="start")
    return svg.render()
