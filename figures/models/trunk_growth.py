"""GPT-2: mean square of the residual stream through the branches, with and without the factor 1/√N."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.models.residual_scaling import trunk_growth

BLOCKS = (12, 24, 48)
LEFT, RIGHT, TOP, BOTTOM = 74.0, 610.0, 30.0, 280.0
TOP_VALUE = 64.0


def place(branch: float, value: float) -> tuple[float, float]:
    """Branch number and mean square to coordinates."""
    return LEFT + (RIGHT - LEFT) * branch / 96, BOTTOM - (BOTTOM - TOP) * value / TOP_VALUE


def draw() -> str:
    """The SVG."""
    svg = Svg(640, 340, "残差流的均方随层数的变化")
    svg.line(LEFT, BOTTOM, RIGHT, BOTTOM)
    svg.line(LEFT, BOTTOM, LEFT, TOP)
    for v in (0, 20, 40, 60):
        y = place(0, v)[1]
        svg.line(LEFT - 5, y, LEFT, y)
        svg.text(LEFT - 10, y + 6, str(v), size=18, anchor="end")
    for b in (24, 48, 96):
        x = place(b, 0)[0]
        svg.line(x, BOTTOM, x, BOTTOM + 5)
        svg.text(x, BOTTOM + 24, str(b), size=18)
    for scale, color in ((False, ACCENT2), (True, ACCENT)):
        for n in BLOCKS:
            mean = np.mean([trunk_growth(n, scale, seed) for seed in range(4)], axis=0)  # (2n,)
            points = [place(0, 1.0)] + [place(i + 1, float(v)) for i, v in enumerate(mean)]
            svg.polyline(points, stroke=color, width=2.5)
            svg.circle(*points[-1], 4.5, fill=color)
    svg.text(448, 108, "不缩放", size=20, fill=ACCENT2, bold=True, anchor="end")
    svg.text(448, 258, "乘 1/√N", size=20, fill=ACCENT, bold=True, anchor="end")
    svg.text((LEFT + RIGHT) / 2, 330, "经过的支路数（圆点：12、24、48 块的末尾）", size=18)
    svg.text(LEFT + 10, TOP + 4, "均方", size=18, anchor="start")
    return svg.render()
