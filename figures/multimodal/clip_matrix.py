"""The worked batch of three: cosines, softmax along rows, softmax along columns."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.multimodal.contrastive import Array, log_softmax

CELL = 62.0
COSINE = np.array([[0.9, 0.2, 0.1], [0.3, 0.8, 0.5], [0.0, 0.4, 0.7]])


def draw() -> str:
    svg = Svg(700, 300, "三对图文的余弦；除以 τ 后按行、按列各做一次 softmax，对角线是正确答案")
    panels: list[tuple[str, Array, str]] = [
        ("余弦", COSINE, "{:.1f}"),
        ("每行：图 → 文", np.exp(log_softmax(COSINE / 0.1, axis=1)), "{:.3f}"),
        ("每列：文 → 图", np.exp(log_softmax(COSINE / 0.1, axis=0)), "{:.3f}"),
    ]
    for k, (title, values, form) in enumerate(panels):
        left = 26 + 230 * k
        svg.text(left + 1.5 * CELL, 30, title, size=19, bold=True)
        for (row, col), value in np.ndenumerate(values):
            svg.rect(
                left + CELL * col, 48 + CELL * row, CELL, CELL,
                fill=ACCENT if row == col else ACCENT2, opacity=0.08 + 0.6 * float(value), stroke_opacity=0.25,
            )  # fmt: skip
            svg.text(left + CELL * (col + 0.5), 48 + CELL * (row + 0.5) + 6, form.format(value), size=18)
    svg.line(256, 252, 256 + 3 * CELL, 252, stroke=ACCENT, width=3, arrow=True)
    svg.text(256 + 1.5 * CELL, 280, "每行和为 1", size=18)
    svg.line(680, 48, 680, 48 + 3 * CELL, stroke=ACCENT, width=3, arrow=True)
    svg.text(486 + 1.5 * CELL, 280, "每列和为 1", size=18)
    svg.text(26 + 1.5 * CELL, 280, "行图列文", size=18)
    return svg.render()
