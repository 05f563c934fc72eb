"""How far back the final reward reaches through GAE: fixed λ and VAPO's, for two lengths."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.alignment.length_adaptive import adaptive_lambda, reward_weight


def draw() -> str:
    """Weight of the final TD error by distance from the end, on a logarithmic distance axis."""
    svg = Svg(720, 340, "最后一个 TD 误差的权重随距离衰减")
    left, right, top, base = 70.0, 470.0, 20.0, 266.0
    svg.line(left, base, right, base)
    svg.line(left, base, left, top)
    for value in (0.0, 0.5, 1.0):
        svg.text(left - 10, base - (base - top) * value + 6, f"{value:.1f}", anchor="end", size=17)
    for power in range(5):
        svg.text(left + (right - left) * power / 4, base + 24, f"{10**power}", size=17)
    svg.text((left + right) / 2, base + 54, "离结尾的 token 数", size=18)
    curves = [
        (0.95, ACCENT2, "", "固定 λ=0.95"),
        (adaptive_lambda(1_000), ACCENT, "8 5", "自适应，长 1 000"),
        (adaptive_lambda(10_000), ACCENT, "", "自适应，长 10 000"),
    ]
    for row, (lam, color, dash, label) in enumerate(curves):
        points = [
            (left + (right - left) * float(u) / 4, base - (base - top) * reward_weight(10 ** float(u), lam))
            for u in np.linspace(0, 4, 161)
        ]
        svg.polyline(points, stroke=color, width=3, dash=dash)
        y = 50 + 40 * row
        svg.line(right + 16, y, right + 52, y, stroke=color, width=3, dash=dash, opacity=1)
        svg.text(right + 60, y + 6, label, anchor="start", size=17)
    return svg.render()
