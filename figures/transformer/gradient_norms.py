"""Gradient of W_2 in every layer of a 24-layer stack at initialisation: Pre-LN, Post-LN, DeepNorm."""

from __future__ import annotations

from math import log10

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.transformer.gradient_scale import measure

LAYERS = 24
LEFT, RIGHT, TOP, BOTTOM = 70.0, 560.0, 62.0, 330.0
LOW, HIGH = 0.5, 16.0


def height(value: float) -> float:
    """Vertical position on a logarithmic scale."""
    return BOTTOM - (BOTTOM - TOP) * log10(value / LOW) / log10(HIGH / LOW)


def draw() -> str:
    """The SVG."""
    svg = Svg(700, 404, "初始化时各层 W2 的梯度范数：Post-LN 各层相近，Pre-LN 由浅到深减小，DeepNorm 小而平")
    svg.text(LEFT - 54, 32, "梯度范数（对数刻度）", size=17, anchor="start")
    for tick in (0.5, 1.0, 2.0, 4.0, 8.0, 16.0):
        svg.line(LEFT, height(tick), RIGHT, height(tick), opacity=0.15)
        svg.text(LEFT - 10, height(tick) + 6, f"{tick:g}", size=16, anchor="end")
    for layer in (1, 6, 12, 18, 24):
        x = LEFT + (RIGHT - LEFT) * (layer - 1) / (LAYERS - 1)
        svg.line(x, BOTTOM, x, BOTTOM + 6, opacity=0.5)
        svg.text(x, BOTTOM + 26, str(layer), size=16)
    svg.line(LEFT, BOTTOM, RIGHT, BOTTOM, opacity=0.5)
    svg.text((LEFT + RIGHT) / 2, BOTTOM + 56, "层（1 靠近输入，24 靠近输出）", size=17)
    curves = (("post", "Post-LN", ACCENT2, ""), ("pre", "Pre-LN", ACCENT, ""), ("deepnorm", "DeepNorm", INK, "5 4"))
    for kind, name, color, dash in curves:
        norms = measure(kind, LAYERS)[0]
        points = [(LEFT + (RIGHT - LEFT) * i / (LAYERS - 1), height(v)) for i, v in enumerate(norms)]
        svg.polyline(points, stroke=color, width=2.5, dash=dash)
        svg.text(RIGHT + 12, points[-1][1] + 6, name, size=17, anchor="start", fill=color, bold=True)
    return svg.render()
