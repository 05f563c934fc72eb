"""HBM traffic of attention over the size of the outer block, from the closed forms of the lab."""

from __future__ import annotations

from math import log2

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.attention.flash_io import standard_traffic, v1_traffic, v2_traffic

N, D = 4096, 64
BLOCKS = [16, 32, 48, 64, 96, 128, 192, 256, 384, 512]
LEFT, RIGHT, TOP, BOTTOM = 92, 600, 60, 330


def x_at(block: float) -> float:
    """Horizontal place of a block size, logarithmic from 16 to 512."""
    return LEFT + (RIGHT - LEFT) * (log2(block) - 4) / 5


def y_at(elements: float) -> float:
    """Vertical place of a traffic in elements, logarithmic from 4 to 256 million."""
    return BOTTOM - (BOTTOM - TOP) * (log2(elements / 1e6) - 2) / 6


def draw() -> str:
    """Three curves with their names at the right ends."""
    svg = Svg(720, 396, "HBM 访问量随块大小的变化：标准注意力是水平线，v1、v2 随块增大而下降")
    svg.text(LEFT - 72, 30, "HBM 读写（百万个元素）", size=15, anchor="start")
    for millions in (4, 16, 64, 256):
        y = y_at(millions * 1e6)
        svg.line(LEFT, y, RIGHT, y, opacity=0.15)
        svg.text(LEFT - 10, y + 5, str(millions), size=14, anchor="end")
    for block in (16, 32, 64, 128, 256, 512):
        svg.line(x_at(block), BOTTOM, x_at(block), BOTTOM + 6, opacity=0.5)
        svg.text(x_at(block), BOTTOM + 24, str(block), size=14)
    svg.line(LEFT, BOTTOM, RIGHT, BOTTOM, opacity=0.5)
    svg.text((LEFT + RIGHT) / 2, BOTTOM + 52, "外循环每块的行数（v1 是 K、V 块，v2 是 Q 块）", size=15)
    flat = y_at(standard_traffic(N, D))
    svg.line(LEFT, flat, RIGHT, flat, width=2, dash="6 4", opacity=0.9)
    svg.text(RIGHT + 10, flat + 5, "标准", size=15, anchor="start", fill=INK)
    svg.polyline([(x_at(b), y_at(v1_traffic(N, D, b))) for b in BLOCKS], stroke=ACCENT2, width=2.5)
    svg.text(RIGHT + 10, y_at(v1_traffic(N, D, 512)) + 3, "v1", size=16, anchor="start", fill=ACCENT2, bold=True)
    svg.polyline([(x_at(b), y_at(v2_traffic(N, D, b))) for b in BLOCKS], stroke=ACCENT, width=2.5)
    svg.text(RIGHT + 10, y_at(v2_traffic(N, D, 512)) + 9, "v2", size=16, anchor="start", fill=ACCENT, bold=True)
    return svg.render()
