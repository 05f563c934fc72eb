"""Straight and spherical interpolation of two unit vectors at a right angle, from the lab."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.finetuning.slerp import norm_left, slerp


def draw() -> str:
    """The arc of slerp and the chord of the straight line, with both midpoints."""
    svg = Svg(640, 330, "线性插值与球面插值")
    ox, oy, r = 150.0, 290.0, 240.0
    a, b = np.array([1.0, 0.0]), np.array([0.0, 1.0])

    def at(v: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> tuple[float, float]:
        return ox + r * float(v[0]), oy - r * float(v[1])

    svg.line(ox, oy, *at(a), width=2, arrow=True)
    svg.line(ox, oy, *at(b), width=2, arrow=True)
    svg.polyline([at(slerp(a, b, t)) for t in np.linspace(0, 1, 41)], stroke=ACCENT, width=3)
    svg.polyline([at(a), at(b)], stroke=ACCENT2, width=3, dash="8 5")
    for v, color in ((slerp(a, b, 0.5), ACCENT), ((a + b) / 2, ACCENT2)):
        svg.line(ox, oy, *at(v), opacity=0.35, dash="4 4")
        svg.circle(*at(v), 6, fill=color)
    x, y = at(slerp(a, b, 0.5))
    svg.text(x + 14, y - 2, "球面插值：模长 1", anchor="start", size=20, fill=ACCENT, bold=True)
    x, y = at((a + b) / 2)
    half = f"线性插值：模长 {norm_left(np.pi / 2):.2f}"
    svg.text(ox + r + 20, y + 46, half, anchor="start", size=20, fill=ACCENT2, bold=True)
    svg.line(ox + r + 14, y + 38, x + 10, y + 4, stroke=ACCENT2, opacity=0.7)
    svg.text(at(a)[0] + 12, oy + 6, "检查点 A", anchor="start", size=20)
    svg.text(ox, at(b)[1] - 12, "检查点 B", size=20)
    return svg.render()
