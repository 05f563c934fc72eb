"""Four masks side by side: filled cells are visible; rows are queries, columns are keys."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.attention.masks import causal_mask, decoder_mask, padding_mask
from labs.attention.scaled_dot_product import Mask

CELL = 32.0


def draw() -> str:
    svg = Svg(
        640,
        640,
        "四种可见范围：双向自注意力全部可见；因果只见下三角；因果叠加填充再去掉填充列；交叉注意力是长方形，只去掉源端填充列",
    )
    panel(svg, 60, 70, "双向（编码器）", np.ones((6, 6), dtype=np.bool_), pads=0)
    panel(svg, 380, 70, "因果（解码器）", causal_mask(6), pads=0)
    panel(svg, 60, 370, "因果 + 填充", decoder_mask([4], 6)[0], pads=2)
    panel(svg, 380, 370, "交叉（源端 6，目标端 4）", np.broadcast_to(padding_mask([5], 6)[0], (4, 6)), pads=1)
    svg.rect(60, 598, 24, 24, fill=ACCENT, opacity=0.7, stroke_opacity=0.3)
    svg.text(94, 617, "可见", size=18, anchor="start")
    svg.rect(180, 598, 24, 24, stroke_opacity=0.3)
    svg.text(214, 617, "屏蔽", size=18, anchor="start")
    svg.text(300, 617, "× 填充位置　行查询，列键", size=18, anchor="start")
    return svg.render()


def panel(svg: Svg, left: float, top: float, title: str, mask: Mask, pads: int) -> None:
    """One mask; the last `pads` columns are padding and carry a cross above them."""
    n, m = mask.shape
    svg.text(left, top - 34, title, size=19, anchor="start", bold=True)
    for j in range(m - pads, m):
        svg.text(left + CELL * (j + 0.5), top - 8, "×", size=20, fill=ACCENT2, bold=True)
    for i in range(n):
        for j in range(m):
            seen = bool(mask[i, j])
            svg.rect(
                left + CELL * j, top + CELL * i, CELL, CELL,
                fill=ACCENT if seen else "none", opacity=0.7 if seen else 0, stroke_opacity=0.3,
            )  # fmt: skip
