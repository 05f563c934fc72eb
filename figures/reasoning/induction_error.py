"""How far the hand-built induction head is from the true next-token row, by the length of the context."""

from __future__ import annotations

from math import log10

from figures.chart import Curve, plot
from figures.svg import ACCENT, Svg
from labs.reasoning.induction import error_by_length

LENGTHS = [5, 10, 20, 50, 100, 200, 400]


def draw() -> str:
    """Total variation over context length on a logarithmic axis."""
    svg = Svg(720, 344, "上下文越长，归纳头的预测离真实分布越近")
    at = [log10(n / 5) / log10(80) for n in LENGTHS]
    curves: list[Curve] = [
        (error_by_length(LENGTHS), ACCENT, "", "与真实分布的距离", 180.0),
    ]
    plot(
        svg,
        at,
        {x: str(n) for x, n in zip(at, LENGTHS, strict=True) if n != 10 and n != 200},
        curves,
        "上下文长度（token，对数刻度）",
    )
    return svg.render()
