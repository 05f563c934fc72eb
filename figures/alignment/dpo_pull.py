"""DPO's loss on one pair, and how strongly the pair pulls, over the margin of implicit rewards."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.alignment.dpo import dpo


def draw() -> str:
    """The loss passes ln 2 at margin 0, where the pull is half of β."""
    svg = Svg(700, 340, "DPO 的损失与拉力随隐式奖励差的变化")
    left, right, top, base = 70.0, 660.0, 24.0, 262.0

    def at(margin: float, value: float) -> tuple[float, float]:
        return left + (right - left) * (margin + 4) / 8, base - (base - top) * value / 3

    svg.line(left, base, right, base)
    svg.line(left, base, left, top)
    for value in (0, 1, 2, 3):
        svg.text(left - 10, at(0, value)[1] + 6, str(value), anchor="end", size=17)
    for margin in (-4, -2, 0, 2, 4):
        svg.text(at(margin, 0)[0], base + 24, str(margin).replace("-", "−"), size=17)
    svg.text((left + right) / 2, base + 54, "隐式奖励差（负：顺序还是反的）", size=18)
    zero = np.zeros(1)
    loss, pull = [], []
    for m in np.linspace(-2.9, 4, 139):
        now, grad, _ = dpo(np.array([m]), zero, zero, zero, beta=1.0)
        loss.append(at(float(m), now))
        pull.append(at(float(m), -float(grad[0])))
    svg.polyline(loss, width=3.5)
    svg.polyline(pull, stroke=ACCENT2, width=3, dash="8 5")
    start = at(0, dpo(zero, zero, zero, zero)[0])
    svg.circle(*start, 6, fill=ACCENT)
    svg.text(start[0] + 12, start[1] - 12, "第 0 步：ln 2", anchor="start", size=18, fill=ACCENT)
    svg.text(*at(-1.25, 2.35), "损失", size=19, fill=ACCENT)
    svg.text(*at(-3.1, 1.15), "拉力 / β", size=19, fill=ACCENT2)
    return svg.render()
