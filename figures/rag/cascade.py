"""Accuracy against mean cost of a cascade, as the threshold moves."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.rag.cascade import Cascade


def draw() -> str:
    """The curve, the large model alone, and three thresholds."""
    svg = Svg(680, 360, "级联：多花钱换正确率，最后一段不值")
    model, left, right, top, bottom = Cascade(1, 20, 0.95), 80.0, 640.0, 30.0, 290.0

    def at(cost: float, accuracy: float) -> tuple[float, float]:
        return left + (right - left) * cost / 22, bottom - (bottom - top) * (accuracy - 0.7) / 0.3

    for accuracy in (0.7, 0.8, 0.9, 1.0):
        y = at(0, accuracy)[1]
        svg.line(left, y, right, y, opacity=0.2)
        svg.text(left - 10, y + 6, f"{accuracy:.0%}", anchor="end", size=17)
    for cost in (0, 5, 10, 15, 20):
        svg.text(at(cost, 0.7)[0], bottom + 26, str(cost), size=18)
    svg.text((left + right) / 2, bottom + 54, "平均成本（小模型一次为 1）", size=18)
    grid = [0.5 + i / 200 for i in range(101)]
    svg.polyline([at(model.cost(t), model.accuracy(t)) for t in grid], width=2.5)
    for t, dx, dy in ((0.5, 14, 6), (0.7, 10, 24), (0.9, -6, 30)):
        x, y = at(model.cost(t), model.accuracy(t))
        svg.circle(x, y, 5, fill=ACCENT)
        svg.text(x + dx, y + dy, f"阈值 {t:g}", anchor="start", size=18, fill=ACCENT)
    x, y = at(model.large_cost, model.large_accuracy)
    svg.circle(x, y, 6, fill=ACCENT2)
    svg.text(x + 6, y - 16, "只用大模型", anchor="end", size=18, fill=ACCENT2)
    return svg.render()
