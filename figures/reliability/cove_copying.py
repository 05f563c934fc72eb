"""Precision of a checked draft over how often the check copies the draft."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.reliability.verification import verify


def draw() -> str:
    """Falls steeply to the draft's own precision; the recall of right items rises meanwhile."""
    svg = Svg(720, 330, "复核时照抄草稿的比例越高，留下条目的精确率越接近草稿本身")
    left, right, top, base = 70.0, 500.0, 20.0, 268.0
    svg.line(left, base, right, base)
    svg.line(left, base, left, top)
    for value in (0.0, 0.5, 1.0):
        svg.text(left - 10, base - (base - top) * value + 6, f"{value:.0%}", anchor="end", size=17)
        svg.text(left + (right - left) * value, base + 24, f"{value:.0%}", size=17)
    svg.text((left + right) / 2, base + 52, "复核照抄草稿的概率", size=18)
    grid = [i / 40 for i in range(41)]
    results = [verify(0.17, 0.7, 0.05, c) for c in grid]
    rows = [
        ([r.precision for r in results], ACCENT, "", "留下的精确率", 60.0),
        ([r.recall for r in results], ACCENT2, "9 5", "对的被留下", 96.0),
    ]
    for values, color, dash, label, y in rows:
        points = [(left + (right - left) * c, base - (base - top) * v) for c, v in zip(grid, values, strict=True)]
        svg.polyline(points, stroke=color, width=3, dash=dash)
        svg.line(right + 18, y, right + 58, y, stroke=color, width=3, dash=dash, opacity=1)
        svg.text(right + 68, y + 6, label, anchor="start", size=18)
    y = base - (base - top) * 0.17
    svg.line(left, y, right, y, dash="4 6", opacity=0.6)
    svg.text(right + 18, y + 6, "草稿 17%", anchor="start", size=18)
    return svg.render()
