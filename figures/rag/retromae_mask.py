"""The attention mask of enhanced decoding: a row for each word to predict, a column for each thing it may see."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.rag.retromae import visible

WORDS = "句子向量要装下整句话"


def draw() -> str:
    """Filled cells are visible; the first column is the sentence vector, the diagonal of words is never filled."""
    svg = Svg(700, 400, "增强解码的注意力掩码")
    n, cell, left, top = len(WORDS), 30.0, 120.0, 50.0
    see = visible(n, 0.5, np.random.default_rng(2))  # (n, n + 1)
    for j, name in enumerate(["h", *WORDS]):
        svg.text(left + (j + 0.5) * cell, top - 10, name, size=18, italic=j == 0, bold=j == 0)
    for i, word in enumerate(WORDS):
        y = top + i * cell
        svg.text(left - 12, y + 21, f"预测 {word}", anchor="end", size=17)
        for j in range(n + 1):
            color = ACCENT2 if j == 0 else ACCENT
            svg.rect(left + j * cell, y, cell, cell, fill=color, opacity=0.8 if see[i, j] else 0, stroke_opacity=0.3)
            if j == i + 1:
                svg.line(left + j * cell + 8, y + 8, left + (j + 1) * cell - 8, y + cell - 8)
                svg.line(left + (j + 1) * cell - 8, y + 8, left + j * cell + 8, y + cell - 8)
    x = left + (n + 1) * cell + 24
    for row, (color, opacity, text) in enumerate(
        [(ACCENT2, 0.8, "句向量，总可见"), (ACCENT, 0.8, "本行抽到的词"), ("none", 0.0, "× 不许看自己")]
    ):
        svg.rect(x, top + 40 + row * 44, 22, 22, fill=color, opacity=opacity)
        svg.text(x + 32, top + 58 + row * 44, text, anchor="start", size=18)
    return svg.render()
