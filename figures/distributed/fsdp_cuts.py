"""Which of four ranks owns each number of three tensors, cut as one flat vector and cut by rows."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.distributed.shards import flat_shards, row_shards

SHAPES = [(6, 4), (6, 1), (3, 6)]
STYLES = [(ACCENT, 0.9), (ACCENT, 0.35), (ACCENT2, 0.35), (ACCENT2, 0.9)]
CELL = 26.0


def draw() -> str:
    """Colours are ranks; the vector of six is drawn as a column."""
    svg = Svg(700, 492, "FSDP1 拼平切分与 FSDP2 按行切分")
    ids = np.split(np.arange(1.0, 49.0), [24, 30])
    params = [i.reshape(s) for i, s in zip(ids, SHAPES, strict=True)]
    flat = {v: r for r, piece in enumerate(flat_shards(params, 4)) for v in piece}
    rows = {v: r for p in params for r, piece in enumerate(row_shards(p, 4)) for v in piece.ravel()}
    for i, (title, owner) in enumerate((("FSDP1：三个张量拼成一条再等分", flat), ("FSDP2：每个张量按行切", rows))):
        top = 44 + i * 210
        svg.text(20, top - 14, title, anchor="start", size=20, bold=True)
        x = 40.0
        for p in params:
            for (r, c), value in np.ndenumerate(p):
                color, opacity = STYLES[owner[value]]
                svg.rect(x + c * CELL, top + r * CELL, CELL, CELL, fill=color, opacity=opacity, stroke_opacity=0.35)
            x += p.shape[1] * CELL + 70
    for r, (color, opacity) in enumerate(STYLES):
        svg.rect(40 + r * 130, 454, 22, 22, fill=color, opacity=opacity)
        svg.text(72 + r * 130, 472, f"卡 {r}", anchor="start", size=19)
    return svg.render()
