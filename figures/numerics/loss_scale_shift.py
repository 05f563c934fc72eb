"""A histogram of gradient magnitudes before and after loss scaling, against FP16's smallest and largest number."""

from __future__ import annotations

from math import log2

import numpy as np

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.numerics.float_formats import FP16
from labs.numerics.loss_scaling import gradients_like, lost

LEFT, RIGHT, LOW, HIGH, SCALE = 24.0, 676.0, -40, 20, 2.0**10


def draw() -> str:
    """Bins of one power of two; the paler bars are lost."""
    svg = Svg(700, 384, "损失缩放把梯度移进 FP16 的范围")
    g = gradients_like(100_000)

    def x(power: float) -> float:
        return LEFT + (RIGHT - LEFT) * (power - LOW) / (HIGH - LOW)

    edge = log2(FP16.min_subnormal) - 1
    for base, scale, color, name in ((150, 1.0, ACCENT2, "不缩放"), (310, SCALE, ACCENT, "乘 S = 2¹⁰")):
        count, edges = np.histogram(np.log2(np.abs(g * scale)), np.arange(LOW, HIGH + 1))
        for n, left in zip(count, edges, strict=False):
            height = 110 * n / 10_000
            if height >= 0.5:
                pale = left < edge
                w = x(1) - x(0)
                svg.rect(
                    x(left), base - height, w, height, fill=color, opacity=0.2 if pale else 0.8, stroke_opacity=0.4
                )
        svg.line(LEFT, base, RIGHT, base)
        svg.text(x(3), base - 84, name, size=19, bold=True, fill=color, anchor="start")
        svg.text(x(3), base - 58, f"变成 0：{100 * lost(g, scale)[0]:.2f}%", size=17, anchor="start")
    for power in (edge, log2(FP16.max)):
        svg.line(x(power), 16, x(power), 320, stroke=INK, dash="5 4", opacity=0.8)
    for power, label in ((-40, "2⁻⁴⁰"), (edge, "2⁻²⁵"), (-10, "2⁻¹⁰"), (0, "1"), (16, "65504")):
        svg.text(x(power), 338, label, size=16, anchor="start" if power == -40 else "middle")
    svg.text((LEFT + RIGHT) / 2, 370, "梯度的绝对值；虚线之间 FP16 能存", size=17)
    return svg.render()
