"""国王 − 男人 + 女人: cosine with each word against how much each word has of its own."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.tokenization.word_analogy import WORDS, cosines, royals

LEFT, TOP, WIDE, HIGH = 76.0, 30.0, 470.0, 260.0
MOST = 1.5
GENDER = 0.5


def x_of(own: float) -> float:
    return LEFT + WIDE * own / MOST


def y_of(cosine: float) -> float:
    return TOP + HIGH * (1 - cosine)


def draw() -> str:
    svg = Svg(
        700, 368, "「国王 − 男人 + 女人」与各词的余弦：各词独有的部分超过性别成分之后，最近的是国王自己，不再是女王"
    )
    svg.line(LEFT, TOP, LEFT, TOP + HIGH, stroke=INK)
    svg.line(LEFT, TOP + HIGH, LEFT + WIDE, TOP + HIGH, stroke=INK)
    for tick in (0, 0.5, 1):
        svg.line(LEFT - 5, y_of(tick), LEFT, y_of(tick), stroke=INK)
        svg.text(LEFT - 10, y_of(tick) + 6, f"{tick:g}", size=17, anchor="end")
        svg.line(x_of(tick), TOP + HIGH, x_of(tick), TOP + HIGH + 5, stroke=INK)
        svg.text(x_of(tick), TOP + HIGH + 25, f"{tick:g}", size=17)
    svg.text(LEFT + 12, TOP - 8, "余弦", size=18, anchor="start")
    svg.text(LEFT + WIDE / 2, TOP + HIGH + 58, "每个词独有的部分（长度的平方 s）", size=18)
    svg.line(x_of(GENDER), TOP, x_of(GENDER), TOP + HIGH, dash="5 5", opacity=0.6)
    svg.text(x_of(GENDER) + 8, TOP + 14, "s = 性别成分 0.5", size=17, anchor="start")
    grid = np.linspace(0, MOST, 61)
    for word, color, dash, dy in (("国王", ACCENT2, "", 0.0), ("女人", INK, "6 5", -8.0), ("女王", ACCENT, "", 12.0)):
        i = WORDS.index(word)
        curve = []
        for own in grid:
            v = royals(float(own), GENDER)
            curve.append((x_of(float(own)), y_of(float(cosines(v[0] - v[1] + v[2], v)[i]))))
        svg.polyline(curve, stroke=color, width=3, dash=dash)
        svg.text(LEFT + WIDE + 12, curve[-1][1] + 7 + dy, word, size=20, anchor="start", fill=color, bold=True)
    return svg.render()
