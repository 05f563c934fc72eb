"""Probability that the vote is right over the number of samples, for four kinds of question."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.reliability.majority_vote import binary, plurality

SIZES = list(range(1, 62, 4))


def draw() -> str:
    """Two curves rise, two fall; what decides is whether the right answer is the most frequent."""
    svg = Svg(720, 340, "多数投票的正确率随采样数变化")
    left, right, top, base = 60.0, 480.0, 20.0, 276.0
    curves = [
        ([plurality(0.4, [0.1] * 6, n) for n in SIZES], ACCENT, "", "0.4，错误分散", 20.0),
        ([binary(0.6, n) for n in SIZES], ACCENT, "9 5", "0.6，二选一", 52.0),
        ([plurality(0.3, [0.4, 0.1, 0.1, 0.1], n) for n in SIZES], ACCENT2, "9 5", "0.3，对手 0.4", 224.0),
        ([binary(0.4, n) for n in SIZES], ACCENT2, "", "0.4，二选一", 260.0),
    ]
    svg.line(left, base, right, base)
    svg.line(left, base, left, top)
    for value in (0.0, 0.5, 1.0):
        svg.text(left - 10, base - (base - top) * value + 6, f"{value:.1f}", anchor="end", size=17)
    for n in (1, 21, 41, 61):
        svg.text(left + (right - left) * (n - 1) / 60, base + 24, str(n), size=17)
    svg.text((left + right) / 2, base + 52, "采样数 N", size=18)
    for values, color, dash, label, y in curves:
        points = [
            (left + (right - left) * (n - 1) / 60, base - (base - top) * v) for n, v in zip(SIZES, values, strict=True)
        ]
        svg.polyline(points, stroke=color, width=3, dash=dash)
        svg.line(right + 16, y, right + 56, y, stroke=color, width=3, dash=dash, opacity=1)
        svg.text(right + 66, y + 6, label, anchor="start", size=18)
    return svg.render()
