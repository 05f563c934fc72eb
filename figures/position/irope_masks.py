"""iRoPE's two kinds of layers over sixteen tokens in chunks of four."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.position.irope import chunk_mask, uses_rope

N, CELL = 16, 12


def draw() -> str:
    """Left: the stack of eight layers; middle and right: masks of a RoPE and of a NoPE layer."""
    svg = Svg(720, 300, "iRoPE：每四层中三层是分块的 RoPE 层，一层是全局的 NoPE 层；中间与右边是两种层的掩码")
    for layer, rope in enumerate(uses_rope(8)):
        y = 238 - layer * 26
        svg.rect(40, y, 130, 22, fill=ACCENT if rope else ACCENT2, opacity=0.75, stroke="none", rx=3)
        svg.text(105, y + 16, "RoPE，分块" if rope else "NoPE，全局", size=14)
        svg.text(30, y + 16, str(layer + 1), size=14, anchor="end")
    svg.text(105, 36, "层", size=16, bold=True)
    svg.text(105, 286, "由下往上", size=14)
    panels = (("RoPE 层", chunk_mask(N, 4), ACCENT), ("NoPE 层", np.tri(N, dtype=np.bool_), ACCENT2))
    for index, (name, mask, color) in enumerate(panels):
        x0, y0 = 240 + index * 240, 56
        svg.text(x0 + N * CELL / 2, 36, name, size=16, bold=True)
        for i in range(N):
            for j in range(N):
                if mask[i, j]:
                    svg.rect(
                        x0 + j * CELL + 0.5,
                        y0 + i * CELL + 0.5,
                        CELL - 1,
                        CELL - 1,
                        fill=color,
                        opacity=0.8,
                        stroke="none",
                    )
        svg.rect(x0, y0, N * CELL, N * CELL)
        for border in (4, 8, 12):
            svg.line(x0, y0 + border * CELL, x0 + N * CELL, y0 + border * CELL, stroke=INK, dash="2 3", opacity=0.35)
        svg.text(x0 + N * CELL / 2, 274, "行是查询，列是键", size=14)
    return svg.render()
