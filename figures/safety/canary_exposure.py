"""Exposure of a planted number and how often greedy decoding says it, by the number of copies."""

from __future__ import annotations

from math import log2

from figures.svg import ACCENT, ACCENT2, Svg
from labs.safety.memorization import Ngram, corpus, exposure, extraction_rate

COPIES = [1, 2, 3, 10, 20, 40]


def draw() -> str:
    """Both as a share of their maximum over copies on a logarithmic axis."""
    svg = Svg(700, 340, "混入次数与泄露：暴露度先到顶，直接说出来得晚")
    left, right, top, bottom = 90.0, 660.0, 60.0, 270.0

    def x(copies: int) -> float:
        return left + (right - left) * log2(copies) / log2(COPIES[-1])

    def y(share: float) -> float:
        return bottom - (bottom - top) * share

    for share in (0.0, 0.5, 1.0):
        svg.line(left, y(share), right, y(share), opacity=0.25)
        svg.text(left - 10, y(share) + 6, f"{100 * share:.0f}%", anchor="end", size=18)
    for copies in COPIES:
        svg.text(x(copies), bottom + 28, str(copies), size=18)
    svg.text((left + right) / 2, bottom + 58, "同一个数混入语料的次数", size=19)
    seen = [sum(exposure(Ngram(corpus("7394", c, s), 8), "7394") for s in range(6)) / 6 for c in COPIES]
    curves = [
        ([value / log2(10_000) for value in seen], ACCENT, ""),
        ([extraction_rate(c, 40) for c in COPIES], ACCENT2, "7 4"),
    ]
    for values, colour, dash in curves:
        points = [(x(c), y(v)) for c, v in zip(COPIES, values, strict=True)]
        svg.polyline(points, stroke=colour, width=3, dash=dash)
        for px, py in points:
            svg.circle(px, py, 5, fill=colour)
    svg.line(left, 28, left + 40, 28, stroke=ACCENT, width=3, opacity=1)
    svg.text(left + 50, 34, "暴露度 ÷ 最大值", anchor="start", size=19)
    svg.line(left + 260, 28, left + 300, 28, stroke=ACCENT2, width=3, opacity=1, dash="7 4")
    svg.text(left + 310, 34, "贪心解码直接说出", anchor="start", size=19)
    return svg.render()
