"""Cosines of twelve images and twelve texts before and after the toy CLIP is trained."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.multimodal.toy_clip import World, encode, train

CELL = 24.0


def draw() -> str:
    svg = Svg(680, 400, "训练前：图文余弦杂乱；训练后：对角线接近 1，其余散在 0 附近")
    for panel, (steps, title) in enumerate([(0, "训练前"), (300, "训练 300 步后")]):
        rng = np.random.default_rng(0)
        world = World(rng)
        image, text, _ = train(world, steps, 128, rng, rate=0.5)
        u, v = world.pairs(12, np.random.default_rng(1))
        cosine = encode(image, u)[0] @ encode(text, v)[0].T  # (12, 12)
        left = 30 + 340 * panel
        svg.text(left + 6 * CELL, 30, title, size=20, bold=True)
        for (row, col), value in np.ndenumerate(cosine):
            svg.rect(
                left + CELL * col, 46 + CELL * row, CELL, CELL,
                fill=ACCENT if value > 0 else ACCENT2, opacity=round(abs(float(value)), 1), stroke_opacity=0.15,
            )  # fmt: skip
    svg.text(340, 356, "行：图像　列：文本", size=18)
    for k, (color, name) in enumerate([(ACCENT, "余弦为正"), (ACCENT2, "余弦为负")]):
        svg.rect(190 + 160 * k, 370, 20, 20, fill=color, opacity=0.8)
        svg.text(218 + 160 * k, 387, name, size=18, anchor="start")
    return svg.render()
