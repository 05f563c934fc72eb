"""The three KL estimates of one sample as functions of its log-ratio."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.alignment.kl_estimators import ESTIMATORS

STYLE = {"k1": (INK, "", (1.0, 1.5)), "k2": (ACCENT2, "8 5", (-1.86, 0.95)), "k3": (ACCENT, "", (-1.05, 2.8))}


def draw() -> str:
    """k1 crosses zero, k2 is even, k3 is steep where the reference is the likelier one."""
    svg = Svg(700, 360, "k1、k2、k3 对单个样本对数比的曲线")
    left, right, top, base = 60.0, 670.0, 20.0, 300.0

    def at(d: float, value: float) -> tuple[float, float]:
        return left + (right - left) * (d + 2) / 4, base - (base - top) * (value + 2) / 6.5

    svg.line(*at(-2, 0), *at(2, 0))
    svg.line(*at(0, -2), *at(0, 4.5), opacity=0.35)
    for d in (-2, -1, 1, 2):
        svg.text(at(d, 0)[0], at(0, 0)[1] + 24, str(d).replace("-", "−"), size=17)
    for value in (-1, 1, 2, 3, 4):
        svg.text(at(0, 0)[0] - 8, at(0, value)[1] + 6, str(value).replace("-", "−"), anchor="end", size=16, opacity=0.8)
    grid = np.linspace(-2, 2, 81)
    for name, (color, dash, place) in STYLE.items():
        estimate = ESTIMATORS[name](grid, np.zeros(81))
        points = [at(float(d), float(v)) for d, v in zip(grid, estimate, strict=True)]
        svg.polyline(points, stroke=color, width=3, dash=dash)
        svg.text(*at(*place), name, size=21, fill=color, bold=True)
    svg.text((left + right) / 2, base + 44, "log(π / π_ref)：左边是策略压低了的 token", size=18)
    return svg.render()
