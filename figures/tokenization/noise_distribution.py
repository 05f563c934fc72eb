"""The noise distribution of negative sampling: unigram, its 3/4 power, uniform, over a Zipf vocabulary."""

from __future__ import annotations

from math import log10

import numpy as np

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.tokenization.negative_sampling import noise

SIZE = 1000
LEFT, TOP, WIDE, HIGH = 92.0, 24.0, 420.0, 250.0
LOW, UP = -4.3, -0.5


def x_of(rank: float) -> float:
    return LEFT + WIDE * log10(rank) / log10(SIZE)


def y_of(p: float) -> float:
    return TOP + HIGH * (UP - log10(p)) / (UP - LOW)


def draw() -> str:
    svg = Svg(700, 346, "按词频排名的抽样概率（双对数）：3/4 次方介于词频与均匀之间，压低高频词、抬高低频词")
    svg.line(LEFT, TOP, LEFT, TOP + HIGH, stroke=INK)
    svg.line(LEFT, TOP + HIGH, LEFT + WIDE, TOP + HIGH, stroke=INK)
    for mark, label in ((0.1, "10%"), (0.01, "1%"), (0.001, "0.1%"), (0.0001, "0.01%")):
        svg.line(LEFT - 5, y_of(mark), LEFT, y_of(mark), stroke=INK)
        svg.text(LEFT - 10, y_of(mark) + 6, label, size=17, anchor="end")
    for rank in (1, 10, 100, 1000):
        svg.line(x_of(rank), TOP + HIGH, x_of(rank), TOP + HIGH + 5, stroke=INK)
        svg.text(x_of(rank), TOP + HIGH + 26, str(rank), size=17)
    svg.text(LEFT + WIDE / 2, TOP + HIGH + 58, "词频排名（1000 个词，词频 ∝ 1/排名）", size=18)
    ranks = np.unique(np.geomspace(1, SIZE, 40).round().astype(int))
    counts = 1 / np.arange(1, SIZE + 1)
    for power, color, dash, label, shift in (
        (1.0, INK, "", "词频 U", 8.0),
        (0.75, ACCENT, "", "U 的 3/4 次方", -4.0),
        (0.0, ACCENT2, "7 5", "均匀", -14.0),
    ):
        p = noise(counts, power)
        svg.polyline([(x_of(float(r)), y_of(float(p[r - 1]))) for r in ranks], stroke=color, width=3, dash=dash)
        svg.text(LEFT + WIDE + 12, y_of(float(p[-1])) + 6 + shift, label, size=19, anchor="start", fill=color)
    return svg.render()
