"""ReLU, GELU and SiLU and their derivatives."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.transformer.ffn import Array, gelu, relu, silu, slope

WIDE, TALL = 260.0, 230.0
X = np.linspace(-4, 4, 161)


def panel(svg: Svg, left: float, title: str, low: float, high: float, curves: list[tuple[Array, str, str]]) -> None:
    """One coordinate system."""

    def at(x: float, y: float) -> tuple[float, float]:
        return left + WIDE * (x + 4) / 8, 60 + TALL * (high - y) / (high - low)

    svg.text(left + WIDE / 2, 34, title, size=18, bold=True)
    svg.line(*at(-4, 0), *at(4, 0), opacity=0.4)
    svg.line(*at(0, low), *at(0, high), opacity=0.4)
    for x in (-4, -2, 2, 4):
        svg.text(at(x, 0)[0], at(0, low)[1] + 22, str(x), size=16)
    for y in (-1, 1, 2, 3):
        if low < y < high:
            svg.text(at(0, y)[0] - 8, at(0, y)[1] + 5, str(y), size=16, anchor="end")
    for values, color, dash in curves:
        points = [at(float(x), float(y)) for x, y in zip(X, values, strict=True) if y <= high]
        svg.polyline(points, stroke=color, width=2.5, dash=dash)


def draw() -> str:
    """The SVG."""
    svg = Svg(640, 370, "左：ReLU、GELU、SiLU；右：它们的导数，ReLU 在 0 处从 0 跳到 1")
    functions: list[tuple[str, Callable[[Array], Array], str, str]] = [
        ("relu", relu, INK, "5 4"),
        ("gelu", gelu, ACCENT, ""),
        ("silu", silu, ACCENT2, ""),
    ]
    panel(svg, 20, "函数", -0.6, 3.2, [(f(X), color, dash) for _, f, color, dash in functions])
    panel(svg, 360, "导数", -0.3, 1.3, [(slope(n, X), color, dash) for n, _, color, dash in functions])
    for x, (name, color, dash) in zip(
        (120, 290, 450), (("ReLU", INK, "5 4"), ("GELU", ACCENT, ""), ("SiLU", ACCENT2, "")), strict=True
    ):
        svg.line(x, 346, x + 36, 346, stroke=color, width=2.5, opacity=1, dash=dash)
        svg.text(x + 46, 352, name, size=17, anchor="start", fill=color, bold=True)
    return svg.render()
