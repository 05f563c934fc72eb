"""Success of a task over its number of steps: plain, better steps, and checked steps with one retry."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.agents.reliability import chain, checked


def draw() -> str:
    """Four curves from 1 to 50 steps."""
    svg = Svg(720, 350, "成功率随步数下降的四条曲线")
    left, right, top, base = 64.0, 440.0, 24.0, 280.0
    svg.line(left, base, right, base)
    svg.line(left, base, left, top)
    for value in (0.0, 0.5, 1.0):
        svg.text(left - 10, base - (base - top) * value + 6, f"{value:.1f}", anchor="end", size=17)
    for step in (1, 10, 20, 30, 40, 50):
        svg.text(left + (right - left) * (step - 1) / 49, base + 26, str(step), size=17)
    svg.text((left + right) / 2, base + 56, "步数", size=18)
    curves = [
        (0.95, ACCENT2, "", "0.95，不重试", 264.0),
        (0.99, ACCENT2, "9 5", "0.99，不重试", 132.0),
        (checked(0.95, 0.9, 1), ACCENT, "9 5", "0.95，发现九成", 100.0),
        (checked(0.95, 1.0, 1), ACCENT, "", "0.95，全部发现", 56.0),
    ]
    for p, color, dash, label, y in curves:
        points = [(left + (right - left) * (n - 1) / 49, base - (base - top) * chain(p, n)) for n in range(1, 51)]
        svg.polyline(points, stroke=color, width=3, dash=dash)
        svg.line(right + 22, y, right + 66, y, stroke=color, width=3, dash=dash, opacity=1)
        svg.text(right + 76, y + 6, label, anchor="start", size=18)
    return svg.render()
