"""Which outputs move when one input does: causal against bidirectional attention, measured by the lab."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.attention.scaled_dot_product import attention
from labs.models.see_the_answer import Mask, changed

N = 6
CELL = 36


def grid(svg: Svg, x: float, y: float, moved: Mask, color: str) -> None:
    """Rows are outputs, columns are the input that was edited."""
    for i in range(N):
        for j in range(N):
            svg.rect(
                x + j * CELL, y + i * CELL, CELL - 3, CELL - 3, rx=2, fill=color, opacity=0.7 if moved[i, j] else 0
            )


def draw() -> str:
    """The SVG."""
    svg = Svg(640, 320, "改动一个输入，哪些输出会变")
    data = np.random.default_rng(1).standard_normal((N, 4))
    mask = np.tri(N, dtype=np.bool_)
    both = [changed(lambda x: attention(x, x, x, mask), data), changed(lambda x: attention(x, x, x), data)]
    for left, name, moved, color in ((76, "因果（GPT）", both[0], ACCENT), (388, "双向（BERT）", both[1], ACCENT2)):
        svg.text(left + N * CELL / 2, 34, name, size=22, bold=True)
        grid(svg, left, 52, moved, color)
        svg.text(left + N * CELL / 2, 300, "改动第 j 个输入", size=19)
    svg.text(38, 150, "输出", size=19)
    svg.text(38, 174, "i", size=19, italic=True)
    return svg.render()
