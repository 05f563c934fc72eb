"""An image cut into patches, and the sequence that the Transformer reads."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.multimodal.patch_embedding import VIT_B16, patchify

CELL = 56.0


def draw() -> str:
    svg = Svg(700, 400, "图像切成四块，每块展平、线性投影成一个 token，最前面拼上 [CLS]")
    image = np.arange(4 * 4, dtype=float).reshape(4, 4, 1)  # a 4×4 image, patches of 2×2
    for (row, col, _), value in np.ndenumerate(image):
        svg.rect(
            30 + CELL * col, 50 + CELL * row, CELL, CELL, fill=ACCENT, opacity=0.06 + value / 24, stroke_opacity=0.2
        )
    for i in range(3):
        svg.line(30 + 2 * CELL * i, 50, 30 + 2 * CELL * i, 50 + 4 * CELL, width=3)
        svg.line(30, 50 + 2 * CELL * i, 30 + 4 * CELL, 50 + 2 * CELL * i, width=3)
    svg.text(30 + 2 * CELL, 34, "图像", size=20, bold=True)
    svg.line(272, 162, 322, 162, width=2, arrow=True)
    svg.text(488, 34, "展平：每块一行", size=20, bold=True)
    flat = patchify(image, 2)  # (4, 4)
    for (row, col), value in np.ndenumerate(flat):
        svg.rect(400 + 44 * col, 56 + 54 * row, 44, 38, fill=ACCENT, opacity=0.06 + value / 24, stroke_opacity=0.3)
    for row in range(4):
        svg.text(388, 82 + 54 * row, f"块 {row + 1}", size=18, anchor="end")
    svg.line(488, 272, 488, 300, width=2, arrow=True)
    svg.text(504, 294, "线性投影", size=18, anchor="start")
    names = ["[CLS]", "块 1", "块 2", "块 3", "块 4"]
    for k, name in enumerate(names):
        x = 150 + 92 * k
        svg.rect(x, 310, 84, 44, fill=ACCENT2 if k == 0 else ACCENT, opacity=0.55 if k == 0 else 0.25, rx=6)
        svg.text(x + 42, 339, name, size=18)
    svg.text(136, 339, "序列", size=20, anchor="end", bold=True)
    svg.text(376, 386, f"ViT-B/16：{VIT_B16.patches()} 块 + [CLS]，再加位置编码", size=18)
    return svg.render()
