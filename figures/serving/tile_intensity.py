"""Arithmetic intensity of a 4096-cubed product over the tile, against the ridges of two GPUs."""

from __future__ import annotations

from math import log2

from figures.svg import ACCENT, ACCENT2, Svg
from labs.serving.fusion import tiled_intensity
from labs.serving.roofline import A100, H100

TILES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]


def draw() -> str:
    """Both axes logarithmic."""
    svg = Svg(720, 370, "分块大小与矩阵乘的算术强度")
    left, right, top, bottom = 70.0, 640.0, 40.0, 300.0

    def place(tile: float, intensity: float) -> tuple[float, float]:
        return left + (right - left) * log2(tile) / 9, bottom - (bottom - top) * (log2(intensity) + 1) / 10

    for value in (1, 8, 64, 512):
        y = place(1, value)[1]
        svg.line(left, y, right, y, opacity=0.14)
        svg.text(left - 8, y + 6, str(value), anchor="end", size=17)
    for tile in (1, 4, 16, 64, 256):
        svg.text(place(tile, 1)[0], bottom + 24, str(tile), size=17)
    for gpu, dy in ((A100, 22), (H100, -8)):
        y = place(1, gpu.ridge)[1]
        svg.line(left, y, right, y, stroke=ACCENT2, width=2, opacity=0.9, dash="6 4")
        svg.text(left + 8, y + dy, f"{gpu.name.split()[0]} 拐点 {gpu.ridge:.0f}", anchor="start", size=18, fill=ACCENT2)
    points = [place(t, tiled_intensity(4096, 4096, 4096, t)) for t in TILES]
    svg.polyline(points, stroke=ACCENT, width=3)
    for point in points:
        svg.circle(*point, 5, fill=ACCENT)
    svg.text((left + right) / 2, bottom + 54, "输出分块的边长", size=18)
    svg.text(left - 50, 22, "FLOP/字节", anchor="start", size=17)
    return svg.render()
