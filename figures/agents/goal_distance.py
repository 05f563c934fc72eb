"""Distance from the goal to the end of the context over fifty steps, never or every ten steps rewritten."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.agents.recitation import distances


def draw() -> str:
    """A straight line and a sawtooth."""
    svg = Svg(720, 350, "目标到上下文末尾的距离：不重写一路上升，重写是锯齿")
    left, right, top, base = 84.0, 560.0, 30.0, 280.0
    svg.line(left, base, right, base)
    svg.line(left, base, left, top)
    for value, label in ((0, "0"), (10_000, "10k"), (20_000, "20k")):
        svg.text(
            left - 10,
            base - (base - top) * value / 20_000 + 6,
            label,
            anchor="end",
            size=17,
        )
    for step in (0, 10, 20, 30, 40, 50):
        svg.text(left + (right - left) * step / 50, base + 26, str(step), size=17)
    svg.text((left + right) / 2, base + 56, "轮数", size=18)
    for every, color, name, y in ((0, ACCENT2, "从不重写", 48.0), (10, ACCENT, "每 10 轮", 236.0)):
        d = distances(50, 400, 2000, 60, every)
        points = [(left + (right - left) * i / 50, base - (base - top) * v / 20_000) for i, v in enumerate(d)]
        svg.polyline(points, stroke=color, width=3)
        svg.text(right + 12, y, name, size=18, anchor="start", fill=color, bold=True)
    return svg.render()
