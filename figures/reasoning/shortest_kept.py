"""Rejection sampling for the shortest right answer: share of prompts with a sample, and length against the mean."""

from __future__ import annotations

from math import log2

import numpy as np

from figures.chart import Curve, plot
from figures.svg import ACCENT, Svg
from labs.reasoning.shortest_correct import summary

P, LENGTH, RIGHT = (
    np.array([0.1, 0.3, 0.4, 0.2]),
    np.array([500.0, 1000.0, 2000.0, 4000.0]),
    np.array([0.3, 0.5, 0.7, 0.8]),
)
SIZES = [1, 2, 4, 8, 16, 32]


def draw() -> str:
    """Both as fractions: the yield of prompts, and the kept length over the mean length of one right answer."""
    svg = Svg(720, 344, "每题采样越多，留下的答案越短")
    rows = [summary(P, LENGTH, RIGHT, n) for n in SIZES]
    curves: list[Curve] = [
        ([share for share, _ in rows], ACCENT, "9 5", "有样本的题", 28.0),
        ([length / rows[0][1] for _, length in rows], ACCENT, "", "留下的长度", 196.0),
    ]
    plot(svg, [log2(n) / 5 for n in SIZES], {log2(n) / 5: str(n) for n in SIZES}, curves, "每题采样数（对数刻度）")
    svg.text(526, 222, "（相对一次采样）", anchor="start", size=16)
    return svg.render()
