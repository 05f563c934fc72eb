"""A RoPE score fitted to harmless values on distances 0 … 2047, and what it does on 2048 … 4095."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.position.extrapolation import basis, fit_score

L, D = 2048, 128
X0, X1, Y0, Y1, TOP = 70.0, 690.0, 300.0, 40.0, 100.0


def draw() -> str:
    """The curve within and beyond the trained distances, thinned to every fourth point."""
    svg = Svg(720, 370, "RoPE 得分在训练距离 0 到 2047 内贴着 0，过了 2048 迅速冲到正负几十")
    target = np.random.default_rng(2).standard_normal(L)
    h = fit_score(np.arange(L), target, D, 1e-4)

    def point(distance: float, value: float) -> tuple[float, float]:
        return X0 + (X1 - X0) * distance / (2 * L), (Y0 + Y1) / 2 - (Y0 - Y1) / 2 * value / TOP

    for value in (-100, -50, 0, 50, 100):
        y = point(0, value)[1]
        svg.line(X0, y, X1, y, opacity=0.15)
        svg.text(X0 - 10, y + 5, str(value).replace("-", "−"), size=15, anchor="end")
    for tick in (0, 1024, 2048, 3072, 4096):
        svg.text(point(tick, 0)[0], Y0 + 24, str(tick), size=15)
    x = point(L, 0)[0]
    svg.line(x, Y0, x, Y1, dash="4 4", opacity=0.6)
    for start, color in ((0, ACCENT), (L, ACCENT2)):
        distance = np.arange(start, start + L + 1, 4)
        curve = basis(distance, D) @ h
        svg.polyline([point(float(a), float(b)) for a, b in zip(distance, curve, strict=True)], stroke=color)
    svg.text(point(L / 2, 0)[0], point(0, 70)[1], "训练时见过的距离", size=16, fill=ACCENT)
    svg.text(point(L * 1.5, 0)[0], point(0, 70)[1], "没见过的距离", size=16, fill=ACCENT2)
    svg.text((X0 + X1) / 2, Y0 + 54, "查询到键的距离", size=16)
    svg.text(20, 22, "得分", size=15, anchor="start")
    return svg.render()
