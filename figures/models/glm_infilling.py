"""GLM: the mask of one sample and its two rows of positions (page models/glm)."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.models.blank_infilling import blank_infill

NAMES = {1: "x1", 2: "x2", 3: "x3", 4: "x4", 5: "x5", 6: "x6", 90: "M", 91: "S"}


def draw() -> str:
    """Mask on the left in squares, positions below the columns."""
    sample = blank_infill(np.arange(1, 7), [(2, 3), (4, 6)], [1, 0], 90, 91, 92)
    mask, n, cell = sample.mask(), len(sample.tokens), 36
    x0, y0 = 210, 56
    svg = Svg(660, y0 + n * cell + 92, "GLM 自回归填空的掩码与二维位置")
    for i in range(n):
        color = ACCENT if i < sample.prefix else ACCENT2
        name = NAMES[int(sample.tokens[i])]
        svg.text(x0 + (i + 0.5) * cell, y0 - 12, name, size=15, fill=color, bold=True)
        svg.text(x0 - 14, y0 + (i + 0.5) * cell + 5, name, size=15, anchor="end", fill=color, bold=True)
        for j in range(n):
            tint = ACCENT if j < sample.prefix else ACCENT2
            svg.rect(
                x0 + j * cell,
                y0 + i * cell,
                cell,
                cell,
                fill=tint,
                opacity=0.55 if mask[i, j] else 0,
                stroke_opacity=0.3,
            )
    half = sample.prefix * cell
    svg.text(90, y0 + half / 2 + 5, "A：互相可见", size=15, fill=ACCENT)
    svg.text(90, y0 + half * 1.5 + 5, "B：逐个写出", size=15, fill=ACCENT2)
    svg.text(x0 + n * cell / 2, 20, "看得见谁（列）", size=15)
    bottom = y0 + n * cell
    for row, (label, values) in enumerate((("位置一", sample.outer + 1), ("位置二", sample.inner))):
        y = bottom + 34 + row * 32
        svg.text(x0 - 14, y, label, size=15, anchor="end")
        for i, value in enumerate(values.tolist()):
            svg.text(x0 + (i + 0.5) * cell, y, str(value), size=16, fill=ACCENT if i < sample.prefix else ACCENT2)
    return svg.render()
