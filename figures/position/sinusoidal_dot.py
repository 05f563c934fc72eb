"""Dot product of two sinusoidal encodings against their offset: symmetric, falling with ripples."""

from __future__ import annotations

import numpy as np

from figures.svg import Svg
from labs.position.sinusoidal import dot_product

X0, X1, Y0, Y1 = 70.0, 690.0, 300.0, 40.0
REACH = 200


def draw() -> str:
    """One curve over −200 … 200 for d = 128."""
    svg = Svg(720, 370, "d=128 时两个正弦位置编码的点积随偏移的变化：关于 0 对称，总体下降并带起伏")

    def point(delta: float, value: float) -> tuple[float, float]:
        return X0 + (X1 - X0) * (delta + REACH) / (2 * REACH), Y0 + (Y1 - Y0) * value / 64

    for value in (0, 16, 32, 48, 64):
        y = point(0, value)[1]
        svg.line(X0, y, X1, y, opacity=0.15)
        svg.text(X0 - 10, y + 5, str(value), size=15, anchor="end")
    for delta in (-200, -100, 0, 100, 200):
        svg.text(point(delta, 0)[0], Y0 + 24, str(delta).replace("-", "−"), size=15)
    offset = np.arange(-REACH, REACH + 1)
    values = dot_product(offset, 128)
    svg.polyline([point(float(a), float(b)) for a, b in zip(offset, values, strict=True)], width=2.5)
    svg.text((X0 + X1) / 2, Y0 + 54, "偏移 Δ", size=16)
    svg.text(20, 22, "点积（d = 128，最大 64）", size=15, anchor="start")
    return svg.render()
