"""A RoPE score against distance for two pairs of q and k: decay is a tendency of one of them, not a law."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.position.rope import angles, rotate_interleaved, score
from labs.position.sinusoidal import frequencies

X0, X1, Y0, Y1 = 70.0, 690.0, 300.0, 40.0


def draw() -> str:
    """q = k = 1 falls with ripples; with the same q, a k turned by 60 positions peaks at distance 60."""
    svg = Svg(720, 370, "RoPE 得分随距离的变化：q 与 k 相同时波动着下降；把 k 预先转 60 个位置，最大值就在距离 60")

    def point(distance: float, value: float) -> tuple[float, float]:
        return X0 + (X1 - X0) * distance / 128, Y0 + (Y1 - Y0) * value / 128

    for value in (0, 32, 64, 96, 128):
        y = point(0, value)[1]
        svg.line(X0, y, X1, y, opacity=0.15)
        svg.text(X0 - 10, y + 5, str(value), size=15, anchor="end")
    for tick in (0, 30, 60, 90, 120):
        svg.text(point(tick, 0)[0], Y0 + 24, str(tick), size=15)
    distance, theta, ones = np.arange(129), frequencies(128), np.ones(128)
    turned = rotate_interleaved(ones[None], angles([60], theta))[0]  # (128,)
    for k, color in ((ones, ACCENT2), (turned, ACCENT)):
        curve = score(ones, k, distance, theta)
        svg.polyline([point(float(a), float(b)) for a, b in zip(distance, curve, strict=True)], stroke=color, width=2.5)
    svg.text((X0 + X1) / 2, Y0 + 54, "查询到键的距离", size=16)
    svg.text(20, 22, "得分（d = 128）", size=15, anchor="start")
    svg.text(point(6, 0)[0], point(0, 112)[1], "q = k", size=16, anchor="start", fill=ACCENT2)
    svg.text(point(66, 0)[0], point(0, 112)[1], "k 预先转过 60 个位置", size=16, anchor="start", fill=ACCENT)
    return svg.render()
