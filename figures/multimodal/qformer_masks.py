"""The Q-Former's three masks: filled cells are visible, queries first, then words."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.multimodal.resampler import q_former_mask

CELL, R, T = 25.0, 4, 4


def draw() -> str:
    svg = Svg(720, 320, "ITC：查询与文字互不可见；ITM：全部可见；ITG：文字看得到查询和前文，查询看不到文字")
    for k, name in enumerate(["ITC", "ITM", "ITG"]):
        left, top = 52 + 228 * k, 74.0
        svg.text(left + 4 * CELL, 30, name, size=20, bold=True)
        svg.text(left + 2 * CELL, 62, "查询", size=18)
        svg.text(left + 6 * CELL, 62, "文字", size=18)
        for (row, col), seen in np.ndenumerate(q_former_mask(R, T, name)):
            svg.rect(
                left + CELL * col, top + CELL * row, CELL, CELL,
                fill=(ACCENT if col < R else ACCENT2) if seen else "none", opacity=0.7, stroke_opacity=0.25,
            )  # fmt: skip
        svg.line(left + 4 * CELL, top - 6, left + 4 * CELL, top + 8 * CELL + 6, width=2.5)
        svg.line(left - 6, top + 4 * CELL, left + 8 * CELL + 6, top + 4 * CELL, width=2.5)
        if k == 0:
            svg.text(left - 8, top + 2 * CELL + 6, "查询", size=18, anchor="end")
            svg.text(left - 8, top + 6 * CELL + 6, "文字", size=18, anchor="end")
    svg.text(360, 308, "行看列，填色为可见", size=18)
    return svg.render()
