"""Extrapolating the loss of a large run from small ones, with and without the irreducible part."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.models.loss_prediction import fit, predict, predict_all, runs

LEFT, RIGHT, TOP, BOTTOM = 80.0, 600.0, 26.0, 280.0
LOW, HIGH = 1.0, 4.6


def place(compute: float, loss: float) -> tuple[float, float]:
    """Compute (1e-10 to 1) on a logarithmic axis, loss on a linear one."""
    x = LEFT + (RIGHT - LEFT) * (np.log10(compute) + 10) / 10
    return float(x), BOTTOM - (BOTTOM - TOP) * (loss - LOW) / (HIGH - LOW)


def draw() -> str:
    """The SVG."""
    svg = Svg(640, 340, "由小模型预测大模型的损失")
    svg.line(LEFT, BOTTOM, RIGHT, BOTTOM)
    svg.line(LEFT, BOTTOM, LEFT, TOP)
    for v in (1, 2, 3, 4):
        y = place(1, v)[1]
        svg.line(LEFT - 5, y, LEFT, y)
        svg.text(LEFT - 10, y + 6, str(v), size=18, anchor="end")
    for power, name in ((-10, "10⁻¹⁰"), (-7, "10⁻⁷"), (-4, "10⁻⁴"), (0, "1")):
        x = place(10.0**power, 1)[0]
        svg.line(x, BOTTOM, x, BOTTOM + 5)
        svg.text(x, BOTTOM + 25, name, size=18)
    compute, loss = runs(0)
    axis = np.logspace(-10, 0, 60)
    for floor, color, dash in ((False, ACCENT2, "7 5"), (True, ACCENT, "")):
        law = fit(compute, loss, floor)
        svg.polyline([place(float(c), predict(law, float(c))) for c in axis], stroke=color, width=2.5, dash=dash)
    for c, v in zip(compute, loss, strict=True):
        svg.circle(*place(float(c), float(v)), 5, opacity=0.75)
    x, y = place(1.0, float(predict_all(np.array([1.0]))[0]))
    svg.circle(x, y, 7.5, fill=ACCENT)
    svg.text(x - 6, y - 16, "真值", size=19, anchor="end", bold=True)
    svg.text(330, 92, "点：小模型（至多万分之一）", size=19, anchor="start")
    svg.text(330, 122, "实线：带不可约项", size=19, anchor="start", fill=ACCENT)
    svg.text(330, 152, "虚线：纯幂律", size=19, anchor="start", fill=ACCENT2)
    svg.text((LEFT + RIGHT) / 2, 331, "训练算力（目标为 1）", size=19)
    svg.text(LEFT + 10, TOP + 6, "损失", size=18, anchor="start")
    return svg.render()
