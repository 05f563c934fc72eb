"""Which token sees which: the whole text, or each chunk alone."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.rag.late_chunking import block_mask

CUT = [(0, 6), (6, 12)]


def draw() -> str:
    """Two grids; a filled cell is an allowed pair."""
    svg = Svg(660, 350, "迟分块的注意力跨块，先分块的不跨")
    masks = [(np.ones((12, 12), dtype=bool), "先编码全文", ACCENT), (block_mask(12, CUT), "先分块再编码", ACCENT2)]
    for side, (mask, title, color) in enumerate(masks):
        x0, y0, cell = 40 + side * 320, 50, 21
        svg.text(x0 + 6 * cell, 34, title, size=20, bold=True)
        for i, j in np.ndindex(12, 12):
            svg.rect(
                x0 + j * cell,
                y0 + i * cell,
                cell,
                cell,
                fill=color,
                opacity=0.55 if mask[i, j] else 0,
                stroke_opacity=0.25,
            )
        for begin, end in CUT:
            svg.rect(x0, y0 + begin * cell, 12 * cell, (end - begin) * cell, stroke_opacity=0.9)
        svg.text(x0 + 6 * cell, y0 + 12 * cell + 30, "每块的行取平均 → 一个向量", size=17)
    return svg.render()
