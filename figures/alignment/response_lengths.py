"""Mean length of right and wrong answers while the accuracy grows, for three averages of the loss."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.alignment.length_bias import train

METHODS = [("sample", ACCENT2, "GRPO：1/|o|"), ("tokens", ACCENT, "DAPO：1/Σ|o|"), ("constant", INK, "Dr.GRPO：常数")]


def draw() -> str:
    """Two panels on one scale: wrong answers left, right answers right."""
    svg = Svg(740, 370, "不影响奖励的长度，在三种平均下怎样变化")
    top, base, high = 48.0, 272.0, 35.0
    rows = {name: train(name, 0.9) for name, _, _ in METHODS}
    for panel, (title, column) in enumerate([("错误回答", 2), ("正确回答", 1)]):
        left = 64.0 + 346 * panel
        right = left + 290
        svg.line(left, base, right, base)
        svg.line(left, base, left, top)
        svg.text((left + right) / 2, 30, title, size=19, bold=True)
        for length in (0, 10, 20, 30):
            svg.text(left - 8, base - (base - top) * length / high + 6, str(length), anchor="end", size=16)
        for value in (0.2, 0.5, 0.8):
            svg.text(left + (right - left) * (value - 0.2) / 0.7, base + 23, f"{value:.1f}", size=16)
        svg.text((left + right) / 2, base + 48, "正确率", size=17)
        for name, color, _ in METHODS:
            points = [
                (
                    left + (right - left) * (min(float(r[0]), 0.9) - 0.2) / 0.7,
                    base - (base - top) * float(r[column]) / high,
                )
                for r in rows[name]
            ]
            svg.polyline(points, stroke=color, width=3)
    x = 40.0
    for _, color, label in METHODS:
        svg.line(x, 348, x + 36, 348, stroke=color, width=3, opacity=1)
        svg.text(x + 44, 354, label, anchor="start", size=17)
        x += 240
    return svg.render()
