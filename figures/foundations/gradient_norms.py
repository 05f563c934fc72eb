"""Gradient norm at each of 50 layers for five kinds of chain, on a logarithmic axis."""

from __future__ import annotations

from math import log10, sqrt

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.foundations.gradient_flow import norms

DEPTH = 50
X0, X1, Y0, Y1 = 76.0, 520.0, 346.0, 40.0
LOW, HIGH = -16.0, 8.0
CHAINS = [
    ("sigmoid", 1.0, None, "Sigmoid", ACCENT2, ""),
    ("relu", 1.0, None, "ReLU，权重偏小", ACCENT2, "7 5"),
    ("relu", sqrt(2), None, "ReLU，He 初始化", ACCENT, ""),
    ("relu", sqrt(2), DEPTH**-0.5, "残差，支路 × 1/√50", ACCENT, "7 5"),
    ("relu", 2.0, None, "ReLU，权重偏大", INK, ""),
]
NUDGE = {"ReLU，He 初始化": 12.0, "残差，支路 × 1/√50": -8.0}


def draw() -> str:
    """The output is on the left, so that a curve runs as backpropagation does."""
    svg = Svg(740, 410, "反向传播经过 50 层时梯度范数的变化，纵轴是对数")

    def point(back: int, size: float) -> tuple[float, float]:
        y = (log10(size) - LOW) / (HIGH - LOW)
        return X0 + (X1 - X0) * back / DEPTH, Y0 + (Y1 - Y0) * y

    for power in range(-16, 9, 4):
        y = point(0, 10.0**power)[1]
        svg.line(X0, y, X1, y, opacity=0.45 if power == 0 else 0.15)
        svg.text(X0 - 8, y + 5, "1" if power == 0 else f"1e{power}", size=15, anchor="end")
    for back in (0, 10, 20, 30, 40, 50):
        svg.text(point(back, 1)[0], Y0 + 24, str(back), size=15)
    svg.text((X0 + X1) / 2, Y0 + 50, "从输出往回数的层数", size=16)
    svg.text(X0 - 62, Y1 - 18, "梯度范数（输出处为 1）", size=15, anchor="start")
    for activation, gain, branch, name, color, dash in CHAINS:
        size = norms(activation, gain, branch, DEPTH)[::-1]  # (DEPTH + 1,), from the output to the input
        curve = [point(i, float(n)) for i, n in enumerate(size) if n >= 10**LOW]
        svg.polyline(curve, stroke=color, width=2.5, dash=dash)
        x, y = curve[-1]
        if len(curve) <= DEPTH:  # leaves the drawing below
            svg.text(x + 12, y - 6, name, size=16, anchor="start")
        else:
            svg.text(x + 8, y + 5 + NUDGE.get(name, 0), name, size=16, anchor="start")
    return svg.render()
