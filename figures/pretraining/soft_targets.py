"""The same logits at three temperatures."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, Svg
from labs.attention.scaled_dot_product import softmax

NAMES = ("猫", "狗", "车", "船")
LOGITS = np.array([8.0, 6.0, 1.0, 0.0])  # (4,)


def draw() -> str:
    """Bars for T = 1, 4, 10."""
    svg = Svg(700, 280, "同一组 logits 在温度 1、4、10 下的分布：温度越高越平，次序不变")
    for panel, t in enumerate((1, 4, 10)):
        left = 40.0 + panel * 224
        svg.text(left + 88, 28, f"T = {t}", size=18, bold=True)
        svg.line(left - 4, 226, left + 180, 226, opacity=0.6)
        for k, p in enumerate(softmax(LOGITS / t).tolist()):
            height = 170 * p
            svg.rect(left + k * 46, 226 - height, 34, height, fill=ACCENT, opacity=0.7, stroke_opacity=0.3)
            svg.text(left + k * 46 + 17, 226 - height - 7, f"{p:.2f}", size=15)
            svg.text(left + k * 46 + 17, 250, NAMES[k], size=16)
    return svg.render()
