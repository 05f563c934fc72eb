"""One cell of the logits changes: whose gradient notices, under softmax and under sigmoid."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.multimodal.contrastive import clip_loss, siglip_loss

CELL = 38.0


def draw() -> str:
    svg = Svg(680, 350, "改动一个格子的 logit：softmax 损失里整行整列的梯度都变，sigmoid 损失里只有它自己变")
    logits = np.random.default_rng(0).standard_normal((6, 6))
    other = logits.copy()
    other[2, 4] += 1
    for k, (title, loss) in enumerate([("CLIP：softmax", clip_loss), ("SigLIP：sigmoid", siglip_loss)]):
        left = 50 + 340 * k
        moved = loss(other)[1] != loss(logits)[1]  # (6, 6)
        svg.text(left + 3 * CELL, 32, title, size=20, bold=True)
        for (row, col), changed in np.ndenumerate(moved):
            here = (row, col) == (2, 4)
            fill = ACCENT2 if here else ACCENT if changed else "none"
            x, y = left + CELL * col, 48 + CELL * row
            svg.rect(x, y, CELL, CELL, fill=fill, opacity=0.85 if here else 0.5, stroke_opacity=0.3)
        svg.text(left + 3 * CELL, 306, f"梯度变了 {int(moved.sum())} 格", size=18)
    svg.rect(190, 322, 20, 20, fill=ACCENT2, opacity=0.85)
    svg.text(218, 339, "改动的格子", size=18, anchor="start")
    svg.rect(350, 322, 20, 20, fill=ACCENT, opacity=0.5)
    svg.text(378, 339, "跟着变的格子", size=18, anchor="start")
    return svg.render()
