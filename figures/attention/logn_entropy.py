"""Attention entropy against context length, with and without LogN scaling, for weak and for strong scores."""

from __future__ import annotations

from math import log, log2, sqrt

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.attention.logn_scaling import logn_factor, mean_entropy

TRAINED = 2048
LENGTHS = [512 * 2**i for i in range(8)]
X0, X1, Y0, Y1, TOP = 70.0, 560.0, 330.0, 30.0, 11.0


def draw() -> str:
    """Four curves; those with scaling leave the others at the training length."""
    svg = Svg(720, 400, "注意力的熵随长度的变化：有无 LogN 缩放、分数的标准差为 1 与 2.76")

    def point(n: int, h: float) -> tuple[float, float]:
        return X0 + (X1 - X0) * (log2(n) - 9) / 7, Y0 + (Y1 - Y0) * h / TOP

    for h in (0, 2, 4, 6, 8, 10):
        y = point(512, h)[1]
        svg.line(X0, y, X1, y, opacity=0.15)
        svg.text(X0 - 10, y + 5, str(h), size=15, anchor="end")
    for n in (512, 2048, 8192, 32768):
        label = str(n) if n < 1024 else f"{n // 1024}K"
        svg.text(point(n, 0)[0], Y0 + 24, label, size=15)
    x = point(TRAINED, 0)[0]
    svg.line(x, Y0, x, Y1, dash="4 4", opacity=0.5)
    svg.text(x + 6, Y0 - 8, "训练长度", size=15, anchor="start")
    svg.text((X0 + X1) / 2, Y0 + 52, "可见的词数 n", size=16)
    svg.text(X0 - 48, Y1 - 10, "熵（nat）", size=15, anchor="start")

    for sigma, name in ((1.0, "σ = 1"), (sqrt(log(TRAINED)), "σ = 2.76")):
        for scaled, color in ((False, ACCENT2), (True, ACCENT)):
            curve = []
            for n in LENGTHS:
                factor = float(logn_factor(n, TRAINED)[-1]) if scaled else 1.0
                curve.append(point(n, mean_entropy(n, sigma, factor, 64, np.random.default_rng(0))))
            svg.polyline(curve, stroke=color, width=2.5, dash="" if scaled else "7 5")
            end_x, end_y = curve[-1]
            label = f"{name}，{'缩放' if scaled else '不缩放'}"
            svg.text(end_x + 8, end_y + (10 if scaled and sigma == 1.0 else 0) + 5, label, size=15, anchor="start")
    return svg.render()
