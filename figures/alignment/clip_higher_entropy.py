"""Entropy of a small policy over the updates, for the symmetric clip and for DAPO's."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.alignment.clip_higher import train


def draw() -> str:
    """Means over 64 runs: both fall, the higher upper clip less."""
    svg = Svg(700, 330, "裁剪上界与熵")
    left, right, top, base, most = 70.0, 480.0, 20.0, 262.0, 1.8
    svg.line(left, base, right, base)
    svg.line(left, base, left, top)
    for value in (0.0, 0.5, 1.0, 1.5):
        svg.text(left - 10, base - (base - top) * value / most + 6, f"{value:.1f}", anchor="end", size=17)
    for step in (0, 20, 40, 60):
        svg.text(left + (right - left) * step / 60, base + 24, str(step), size=17)
    svg.text((left + right) / 2, base + 54, "采样轮次", size=18)
    for row, (high, color) in enumerate([(0.28, ACCENT), (0.2, ACCENT2)]):
        values = train(high)[0]
        points = [(left + (right - left) * i / 60, base - (base - top) * float(v) / most) for i, v in enumerate(values)]
        svg.polyline(points, stroke=color, width=3)
        y = 60 + 40 * row
        svg.line(right + 16, y, right + 56, y, stroke=color, width=3, opacity=1)
        svg.text(right + 66, y + 6, f"上界 1+{high}", anchor="start", size=18)
    return svg.render()
