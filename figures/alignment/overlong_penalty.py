"""DAPO's soft penalty over the length of the answer."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.alignment.overlong import soft_penalty


def draw() -> str:
    """0 up to 16 384 tokens, −1 at 20 480."""
    svg = Svg(700, 280, "软性超长惩罚")
    left, right, top, base, low, high = 70.0, 660.0, 40.0, 200.0, 12_000.0, 23_000.0
    svg.line(left, base, right, base)
    svg.line(left, base, left, top)

    def x(n: float) -> float:
        return left + (right - left) * (n - low) / (high - low)

    for value in (0.0, -0.5, -1.0):
        svg.text(left - 10, top - (base - top) * value + 6, f"{value:.1f}".replace("-", "−"), anchor="end", size=17)
    for n, label in ((16_384, "16 384"), (20_480, "20 480")):
        svg.line(x(n), top, x(n), base, dash="4 5", opacity=0.5)
        svg.text(x(n), base + 24, label, size=17)
    svg.rect(x(16_384), top, x(20_480) - x(16_384), base - top, fill=ACCENT2, opacity=0.12, stroke_opacity=0)
    svg.text(x(18_432), top - 14, "缓冲区 4 096", size=17)
    svg.text((left + right) / 2, base + 56, "回答长度（token）", size=18)
    lengths = np.array([low, 16_384, 20_480, high])
    points = [(x(float(n)), top - (base - top) * float(v)) for n, v in zip(lengths, soft_penalty(lengths), strict=True)]
    svg.polyline(points, stroke=ACCENT, width=3)
    return svg.render()
