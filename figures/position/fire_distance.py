"""FIRE's normalised distance of every key, for queries at three positions."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.position.fire import psi

L, C = 512.0, 0.1
X0, X1, Y0, Y1 = 70.0, 690.0, 280.0, 40.0


def draw() -> str:
    """Three curves on a logarithmic distance axis; each ends at its query's own position."""
    svg = Svg(
        720,
        350,
        "FIRE 的归一化距离：位置 100 与 512 的查询共用一条曲线，位置 5000 的曲线被压低，都不超过 1",
    )

    def point(distance: float, value: float) -> tuple[float, float]:
        return X0 + (X1 - X0) * float(np.log10(distance)) / 4, Y0 + (Y1 - Y0) * value

    for value in (0.0, 0.5, 1.0):
        y = point(1, value)[1]
        svg.line(X0, y, X1, y, opacity=0.15)
        svg.text(X0 - 10, y + 5, f"{value:g}", size=15, anchor="end")
    for power in range(5):
        svg.text(point(10**power, 0)[0], Y0 + 24, f"{10**power}", size=15)
    for query, color, dash in ((512, ACCENT2, ""), (100, INK, "2 6"), (5000, ACCENT, "")):
        reach = np.geomspace(1, query, 80)
        mapped = psi(reach, C) / psi(max(L, query), C)
        curve = [point(float(a), float(b)) for a, b in zip(reach, mapped, strict=True)]
        svg.polyline(curve, stroke=color, width=2.5, dash=dash)
        svg.circle(*curve[-1], 5, fill=color)
    svg.text(point(88, 0)[0], point(1, 0.66)[1], "查询在 100", size=15, anchor="end")
    svg.text(point(480, 0)[0], point(1, 1.04)[1], "查询在 512", size=15, anchor="end", fill=ACCENT2)
    svg.text(X1, point(1, 0.72)[1], "查询在 5000", size=15, anchor="end", fill=ACCENT)
    svg.text((X0 + X1) / 2, Y0 + 52, "查询到键的距离", size=16)
    svg.text(20, 22, "归一化距离（L = 512，c = 0.1）", size=15, anchor="start")
    return svg.render()
