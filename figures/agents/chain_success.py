"""Success of a task over its number of steps: plain, better steps, and checked steps with one retry."""

from __future__ import annotations

from figures.chart import Chart
from figures.svg import ACCENT, ACCENT2, Svg
from labs.agents.reliability import chain, checked


def draw() -> str:
    """Four curves from 1 to 50 steps."""
    svg = Svg(720, 350, "成功率随步数下降的四条曲线")
    chart = Chart(svg, 64, 440, 24, 280)
    chart.axes({(step - 1) / 49: str(step) for step in (1, 10, 20, 30, 40, 50)}, "步数")
    curves = [
        (0.95, ACCENT2, "", "0.95，不重试", 264.0),
        (0.99, ACCENT2, "9 5", "0.99，不重试", 132.0),
        (checked(0.95, 0.9, 1), ACCENT, "9 5", "0.95，发现九成", 100.0),
        (checked(0.95, 1.0, 1), ACCENT, "", "0.95，全部发现", 56.0),
    ]
    for p, color, dash, label, y in curves:
        chart.curve((((n - 1) / 49, chain(p, n)) for n in range(1, 51)), color, dash)
        chart.key(y, label, color, dash)
    return svg.render()
