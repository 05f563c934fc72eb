"""What top-k and top-p keep of a peaked and of a flat distribution."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.attention.scaled_dot_product import softmax
from labs.decoding.samplers import kept, top_k, top_p

PEAKED = np.log(np.array([0.62, 0.30] + [0.08 / 22] * 22))
FLAT = -0.1 * np.arange(24)


def draw() -> str:
    """Bars kept by top-p are filled; the bracket below shows what top-k = 5 keeps."""
    svg = Svg(720, 330, "top-p 随形状伸缩，top-k 不变")
    bottom = 225.0
    for panel, (name, logits, scale) in enumerate((("尖", PEAKED, 300.0), ("平", FLAT, 1600.0))):
        left = 24 + panel * 358
        p, nucleus = softmax(logits), kept(top_p(logits, 0.9))
        for i, share in enumerate(p):
            on = i in nucleus
            svg.rect(
                left + i * 13,
                bottom - scale * share,
                10,
                max(scale * share, 1),
                fill=ACCENT if on else "none",
                opacity=0.75,
                stroke_opacity=0.2 if on else 0.5,
            )
        svg.line(left - 4, bottom, left + 316, bottom)
        k = len(kept(top_k(logits, 5))) if name == "平" else 5
        svg.line(left, bottom + 14, left + 13 * k - 3, bottom + 14, stroke=ACCENT2, width=4, opacity=1)
        svg.text(left + 13 * k + 8, bottom + 20, "top-k 5", size=18, anchor="start", fill=ACCENT2)
        svg.text(left + 156, bottom + 62, f"top-p 0.9 留 {len(nucleus)} 个", size=20, fill=ACCENT, bold=True)
        svg.text(left + 156, bottom + 92, f"{name}的分布", size=18)
    return svg.render()
