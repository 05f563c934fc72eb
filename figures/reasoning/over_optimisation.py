"""Best-of-N with a scorer that ranks rare traps highest: its own score rises, the accuracy peaks and falls."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2

from figures.svg import ACCENT, ACCENT2, Svg
from labs.reasoning.best_of_n import with_checker, with_exploit

SIZES = [1, 2, 3, 4, 6, 8, 10, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256]
Curve = tuple[list[float], str, str, str, float]
"""Values in 0…1, colour, dash, label, height of the label."""


def plot(svg: Svg, at: Sequence[float], ticks: dict[float, str], curves: list[Curve], below: str) -> None:
    """Curves over positions `at` in 0…1, the y axis from 0 to 1, labels at the right."""
    left, right, top, base = 64.0, 468.0, 24.0, 276.0
    svg.line(left, base, right, base)
    svg.line(left, base, left, top)
    for value in (0.0, 0.5, 1.0):
        svg.text(left - 10, base - (base - top) * value + 6, f"{value:.1f}", anchor="end", size=17)
    for x, label in ticks.items():
        svg.text(left + (right - left) * x, base + 24, label, size=17)
    svg.text((left + right) / 2, base + 52, below, size=18)
    for values, color, dash, label, y in curves:
        points = [(left + (right - left) * x, base - (base - top) * v) for x, v in zip(at, values, strict=True)]
        svg.polyline(points, stroke=color, width=3, dash=dash)
        svg.line(right + 16, y, right + 50, y, stroke=color, width=3, dash=dash, opacity=1)
        svg.text(right + 58, y + 6, label, anchor="start", size=18)


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
