"""Best-of-N with a scorer that ranks rare traps highest: its own score rises, the accuracy peaks and falls."""

from __future__ import annotations

from math import log2

from figures.chart import Curve, plot
from figures.svg import ACCENT, ACCENT2, Svg
from labs.reasoning.best_of_n import with_checker, with_exploit

SIZES = [1, 2, 3, 4, 6, 8, 10, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256]


def draw() -> str:
    """Three scorers over N on a logarithmic axis: perfect, leaky, with traps."""
    svg = Svg(720, 344, "Best-of-N 的正确率随 N 的变化，三种打分器")
    curves: list[Curve] = [
        ([1 - 0.7**n for n in SIZES], ACCENT, "9 5", "打分完美", 26.0),
        ([with_checker(0.3, 0.9, 0.1, n) for n in SIZES], ACCENT, "", "会误放错的", 76.0),
        ([with_exploit(0.3, 0.01, n) for n in SIZES], ACCENT2, "", "有 1% 的陷阱", 256.0),
    ]
    ticks = {log2(n) / 8: str(n) for n in (1, 4, 16, 64, 256)}
    plot(svg, [log2(n) / 8 for n in SIZES], ticks, curves, "采样数 N（对数刻度）")
    return svg.render()
