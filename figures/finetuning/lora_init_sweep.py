"""Final loss of LoRA against the learning rate, for both choices of the factor that starts at zero."""

from __future__ import annotations

from functools import cache

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.finetuning.lora_init import train

LRS = 2.0 ** np.arange(-10, 2)
LEFT, TOP, W, H = 92, 34, 540, 250
FLOOR, CEILING = -4.0, 0.0
"""Powers of ten of the relative loss shown."""


@cache
def curve(zero: str) -> list[float]:
    """Relative loss at each learning rate, cut off at the ends of the axis."""
    # One decimal: rounding errors of other machines must not move a point.
    logs = [round(float(np.log10(train(zero, float(lr), 256))), 1) for lr in LRS]
    return [min(max(value, FLOOR), CEILING) for value in logs]


def draw() -> str:
    """Two curves over a logarithmic grid, and the line of one per cent."""
    svg = Svg(700, 360, "扫学习率：A 随机、B 为零的低损失区间更宽")

    def xy(i: int, value: float) -> tuple[float, float]:
        return LEFT + W * i / (len(LRS) - 1), TOP + H * (CEILING - value) / (CEILING - FLOOR)

    for power in range(int(FLOOR), 1):
        y = xy(0, power)[1]
        svg.line(LEFT, y, LEFT + W, y, opacity=0.15)
        svg.text(LEFT - 10, y + 5, {0: "1", -1: "0.1", -2: "0.01"}.get(power, f"1e{power}"), anchor="end", size=15)
    svg.line(LEFT, xy(0, -2)[1], LEFT + W, xy(0, -2)[1], dash="6 5", opacity=0.8)
    for i in (0, 3, 6, 9, 11):
        svg.text(xy(i, 0)[0], TOP + H + 24, f"{LRS[i]:.3g}", size=15)
    svg.text(LEFT + W / 2, TOP + H + 54, "学习率（Adam）", size=16)
    svg.text(LEFT, 20, "最终损失 ÷ 初始损失", anchor="start", size=16)
    for zero, color, dash in (("B", ACCENT, ""), ("A", ACCENT2, "8 5")):
        points = [xy(i, v) for i, v in enumerate(curve(zero))]
        svg.polyline(points, stroke=color, width=3, dash=dash)
        for x, y in points:
            svg.circle(x, y, 4, fill=color)
    svg.text(xy(4, 0)[0] - 60, xy(0, -2.75)[1], "B=0", size=18, fill=ACCENT, bold=True)
    svg.text(xy(5, 0)[0] + 16, xy(0, -0.75)[1], "A=0", size=18, fill=ACCENT2, bold=True)
    return svg.render()
