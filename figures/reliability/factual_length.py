"""Precision and F1@5 of answers that stop after m claims: what each score asks the policy to become."""

from __future__ import annotations

from figures.chart import Chart
from figures.svg import ACCENT, ACCENT2, Svg
from labs.reliability.factual_pairs import responses


def draw() -> str:
    """Precision falls from the first claim on; F1@5 has its top at six."""
    precision, f1 = responses(5)
    svg = Svg(720, 320, "说得越多精确率越低，F1@5 在六条时最高")
    chart = Chart(svg, 70, 500, 20, 256)
    chart.axes({m / 8.4: str(m) for m in range(1, 9)}, "说几条事实")
    for values, color, label, y in ((precision, ACCENT2, "精确率", 60.0), (f1, ACCENT, "F1@5", 96.0)):
        points = [(m / 8.4, float(v)) for m, v in enumerate(values, 1)]
        chart.curve(points, color)
        svg.circle(*chart.at(*max(points, key=lambda point: point[1])), 8, fill=color)
        chart.key(y, label, color)
    svg.text(chart.right + 18, 140, "圆点：各自的最优", anchor="start", size=17)
    return svg.render()
