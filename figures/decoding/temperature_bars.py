"""The same five logits at three temperatures."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, Svg
from labs.attention.scaled_dot_product import softmax
from labs.decoding.samplers import temperature

LOGITS = np.array([3.0, 2.0, 1.0, 0.0, -1.0])


def draw() -> str:
    """Three panels side by side on one scale."""
    svg = Svg(720, 300, "温度改变分布的尖锐程度，不改变次序")
    bottom, scale = 240.0, 210.0
    for panel, t in enumerate((0.5, 1.0, 2.0)):
        left = 30 + panel * 235
        svg.line(left - 6, bottom, left + 196, bottom)
        for i, p in enumerate(softmax(temperature(LOGITS, t))):
            x = left + i * 39
            svg.rect(x, bottom - scale * p, 30, scale * p, fill=ACCENT, opacity=0.75, stroke_opacity=0)
            if p >= 0.1:
                svg.text(x + 15, bottom - scale * p - 7, f"{p:.2f}", size=16)
        svg.text(left + 95, 278, f"T = {t:g}", size=22, bold=True)
    return svg.render()
