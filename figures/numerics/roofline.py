"""The A100's roofline, with decoding, prefilling and an elementwise operation on it."""

from __future__ import annotations

from math import log10

from figures.svg import ACCENT, ACCENT2, Svg
from labs.foundations.decoder_flops import A100_BANDWIDTH, A100_PEAK
from labs.numerics.inference_memory import attainable, elementwise_intensity, matmul_intensity


def draw() -> str:
    """Both axes logarithmic: FLOPs per byte from 0.1 to 10 000, attainable FLOP/s from 0.1 to 1000 T."""
    svg = Svg(720, 410, "A100 的 Roofline")
    left, right, top, bottom = 84.0, 685.0, 30.0, 340.0

    def place(intensity: float, flops: float) -> tuple[float, float]:
        x = left + (right - left) * (log10(intensity) + 1) / 5
        y = bottom - (bottom - top) * (log10(flops / 1e12) + 1) / 4
        return x, y

    for tick in (0.1, 1, 10, 100, 1000, 10_000):
        x, _ = place(tick, 1e12)
        svg.line(x, top, x, bottom, opacity=0.12)
        svg.text(x, bottom + 24, f"{tick:g}", size=17)
    for tick in (0.1, 1, 10, 100, 1000):
        _, y = place(1, tick * 1e12)
        svg.line(left, y, right, y, opacity=0.12)
        svg.text(left - 10, y + 6, f"{tick:g}", anchor="end", size=17)
    ridge = A100_PEAK / A100_BANDWIDTH
    roof = [place(i, attainable(i)) for i in (0.1, ridge, 10_000)]
    svg.polyline(roof, width=3)
    rx, ry = roof[1]
    svg.line(rx, ry, rx, bottom, dash="5 4")
    svg.text(rx + 10, bottom - 14, f"拐点 {ridge:.0f}", anchor="start", size=18)
    points = [
        (elementwise_intensity(1, 1, 1), "逐元素", 14, 22),
        (matmul_intensity(1, 4096, 4096), "解码 b=1", 14, 22),
        (matmul_intensity(16, 4096, 4096), "解码 b=16", 14, 22),
        (matmul_intensity(256, 4096, 4096), "b=256", 8, 28),
        (matmul_intensity(4096, 4096, 4096), "预填充 4096", -20, -16),
    ]
    for intensity, name, dx, dy in points:
        x, y = place(intensity, attainable(intensity))
        svg.circle(x, y, 7, fill=ACCENT2)
        svg.text(x + dx, y + dy, name, anchor="start", size=18)
    svg.text((left + right) / 2, bottom + 54, "算术强度（FLOP/字节）", size=18)
    svg.text(left, top - 10, "可达 TFLOP/s", anchor="start", size=18)
    svg.text(place(1.6, 1)[0], place(1, 11e12)[1], "访存受限", size=20, fill=ACCENT, bold=True)
    svg.text(place(3200, 1)[0], place(1, 90e12)[1], "计算受限", size=20, fill=ACCENT, bold=True)
    return svg.render()
