"""Spread of three importance ratios over the length of the answer, both axes logarithmic."""

from __future__ import annotations

from math import log10

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.alignment.sequence_ratio import spread


def draw() -> str:
    """Token ratios do not know the length; the product spreads by √n, the geometric mean shrinks by √n."""
    svg = Svg(720, 350, "比值的对数的标准差随长度变化")
    left, right, top, base = 84.0, 480.0, 20.0, 276.0

    def y(value: float) -> float:
        return base - (base - top) * (log10(value) + 4) / 5

    svg.line(left, base, right, base)
    svg.line(left, base, left, top)
    for power, label in ((-4, "0.0001"), (-3, "0.001"), (-2, "0.01"), (-1, "0.1"), (0, "1"), (1, "10")):
        svg.text(left - 10, y(10.0**power) + 6, label, anchor="end", size=16)
    for power in range(5):
        svg.text(left + (right - left) * power / 4, base + 24, f"{10**power}", size=16)
    svg.text((left + right) / 2, base + 54, "回答长度 n", size=18)
    curves = [(1, ACCENT2, "", "整句连乘"), (0, INK, "8 5", "单个 token"), (2, ACCENT, "", "几何平均")]
    for which, color, dash, label in curves:
        ends = [(left, y(spread(0.03, 1)[which])), (right, y(spread(0.03, 10_000)[which]))]
        svg.polyline(ends, stroke=color, width=3, dash=dash)
        svg.text(right + 12, ends[1][1] + 6, label, anchor="start", size=18)
    return svg.render()
