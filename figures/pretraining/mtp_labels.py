"""Which token each depth reads and predicts."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.pretraining.mtp import labels

T, CELL = 6, 84.0


def draw() -> str:
    """Rows: input, labels of the main model (k = 0) and of two further depths."""
    svg = Svg(700, 270, "六个 token：主模型的标签右移一位，第 k 层 MTP 的标签右移 k+1 位，位置越来越少")
    ids = np.arange(1, T + 1)
    rows = [("输入", ids), ("主模型", labels(ids, 0)), ("MTP 1", labels(ids, 1)), ("MTP 2", labels(ids, 2))]
    for r, (name, values) in enumerate(rows):
        y = 26.0 + r * 58
        svg.text(104, y + 27, name, size=17, anchor="end", bold=True)
        for i in range(T):
            x = 124 + i * CELL
            if i < len(values):
                svg.rect(
                    x,
                    y,
                    CELL - 10,
                    40,
                    fill=(ACCENT if r == 1 else ACCENT2) if r else "none",
                    opacity=0.35 if r else 1,
                    rx=5,
                )
                svg.text(x + (CELL - 10) / 2, y + 26, f"t{values[i]}", size=17)
            else:
                svg.rect(x, y, CELL - 10, 40, rx=5, dash="4 4", stroke_opacity=0.3)
    return svg.render()
