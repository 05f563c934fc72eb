"""Trade-off between the old and the new task: four methods, each with its own knob."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.reliability.forgetting import ewc, example, l2_to_old, replay


def draw() -> str:
    """New-task loss over old-task loss; lower left is better."""
    old, new = example()
    svg = Svg(700, 360, "旧任务损失与新任务损失的取舍：拉向旧权重最差，回放最好，EWC 居中而接近回放")
    left, right, top, base = 80.0, 650.0, 24.0, 286.0

    def at(w: np.ndarray) -> tuple[float, float]:
        return left + (right - left) * old.loss(w) / 2, base - (base - top) * new.loss(w)

    svg.line(left, base, right, base)
    svg.line(left, base, left, top)
    for value in (0.0, 0.5, 1.0, 1.5, 2.0):
        svg.text(left + (right - left) * value / 2, base + 24, f"{value:.1f}", size=17)
    for value in (0.0, 0.5, 1.0):
        svg.text(left - 10, base - (base - top) * value + 6, f"{value:.1f}", anchor="end", size=17)
    svg.text((left + right) / 2, base + 54, "旧任务损失", size=18)
    for i, sign in enumerate("新任务损失"):
        svg.text(22, 104 + 24 * i, sign, size=18)
    holds = np.geomspace(1e3, 1e-3, 200)
    svg.polyline([at(l2_to_old(old, new, h)) for h in holds], stroke=ACCENT2, width=3)
    svg.polyline([at(ewc(old, new, h)) for h in holds], stroke=INK, width=2.5, dash="3 5")
    svg.polyline([at(replay(old, new, h / (1 + h))) for h in holds], stroke=ACCENT, width=3)
    for y, color, dash, label in [
        (60, ACCENT2, "", "L2 拉向旧权重"),
        (94, INK, "3 5", "EWC（对角）"),
        (128, ACCENT, "", "回放旧数据"),
    ]:
        svg.line(400, y, 444, y, stroke=color, width=3, dash=dash, opacity=1)
        svg.text(456, y + 6, label, anchor="start", size=18)
    svg.circle(*at(old.best), 7)
    svg.text(at(old.best)[0] + 14, at(old.best)[1] + 8, "只会旧任务", anchor="start", size=17)
    svg.circle(*at(new.best), 7)
    svg.text(at(new.best)[0] + 4, at(new.best)[1] - 16, "只练新任务", anchor="end", size=17)
    return svg.render()
