"""Whole passes of Llama 3 8B on two rooflines: decoding never reaches the flat part, prefill does at once."""

from __future__ import annotations

from math import log10

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.foundations.decoder_params import LLAMA3_8B
from labs.serving.roofline import A100, H100, Piece, work

DECODE: list[tuple[str, list[Piece]]] = [("b=1", [(1, 2048)]), ("b=32", [(1, 2048)] * 32), ("b=128", [(1, 2048)] * 128)]
PREFILL: list[tuple[str, list[Piece]]] = [("128", [(128, 0)]), ("2048", [(2048, 0)])]


def draw() -> str:
    """Both axes logarithmic: FLOPs per byte from 0.5 to 5000, FLOP/s from 1 T to 1000 T."""
    svg = Svg(720, 420, "预填充与解码在 Roofline 上的位置")
    left, right, top, bottom = 78.0, 690.0, 40.0, 350.0

    def place(intensity: float, flops: float) -> tuple[float, float]:
        x = left + (right - left) * (log10(intensity) + 0.3) / 4
        return x, bottom - (bottom - top) * log10(flops / 1e12) / 3.1

    for tick in (1, 10, 100, 1000):
        x, _ = place(tick, 1e12)
        svg.line(x, top, x, bottom, opacity=0.12)
        svg.text(x, bottom + 24, f"{tick}", size=17)
        _, y = place(1, tick * 1e12)
        svg.line(left, y, right, y, opacity=0.12)
        svg.text(left - 8, y + 6, f"{tick}", anchor="end", size=17)
    for gpu, colour, dash in ((H100, INK, "6 4"), (A100, ACCENT, "")):
        points = [place(i, min(gpu.peak, i * gpu.bandwidth)) for i in (0.7, gpu.ridge, 5000)]
        svg.polyline(points, stroke=colour, width=3, dash=dash)
        svg.text(right, points[-1][1] - 8, gpu.name.split()[0], anchor="end", size=18, fill=colour)
    for pieces, colour, below in ((DECODE, ACCENT2, True), (PREFILL, ACCENT, True)):
        for name, passes in pieces:
            w = work(LLAMA3_8B, passes)
            x, y = place(w.intensity, w.flops / w.seconds(A100))
            svg.circle(x, y, 8, fill=colour)
            svg.text(x + 12, y + (24 if below else -10), name, anchor="start", size=18, fill=colour)
    svg.text(
        place(4, 1)[0], place(1, 3.2e12)[1], "解码（上下文 2048）", anchor="start", size=19, fill=ACCENT2, bold=True
    )
    svg.text(place(560, 1)[0], place(1, 60e12)[1], "预填充", anchor="start", size=19, fill=ACCENT, bold=True)
    svg.text((left + right) / 2, bottom + 54, "算术强度（FLOP/字节）", size=18)
    svg.text(left - 50, 24, "可达 TFLOP/s", anchor="start", size=17)
    return svg.render()
