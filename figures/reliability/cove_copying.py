"""Precision of a checked draft over how often the check copies the draft."""

from __future__ import annotations

from figures.chart import Chart
from figures.svg import ACCENT, ACCENT2, Svg
from labs.reliability.verification import verify


def draw() -> str:
    """Falls steeply to the draft's own precision; the recall of right items rises meanwhile."""
    svg = Svg(720, 330, "复核时照抄草稿的比例越高，留下条目的精确率越接近草稿本身")
    chart = Chart(svg, 70, 500, 20, 268)
    chart.axes({0: "0%", 0.5: "50%", 1: "100%"}, "复核照抄草稿的概率", ".0%")
    grid = [i / 40 for i in range(41)]
    results = [verify(0.17, 0.7, 0.05, c) for c in grid]
    rows = [
        ([r.precision for r in results], ACCENT, "", "留下的精确率", 60.0),
        ([r.recall for r in results], ACCENT2, "9 5", "对的被留下", 96.0),
    ]
    for values, color, dash, label, y in rows:
        chart.curve(zip(grid, values, strict=True), color, dash)
        chart.key(y, label, color, dash)
    _, y = chart.at(0, 0.17)
    svg.line(chart.left, y, chart.right, y, dash="4 6", opacity=0.6)
    svg.text(chart.right + 18, y + 6, "草稿 17%", anchor="start", size=18)
    return svg.render()
