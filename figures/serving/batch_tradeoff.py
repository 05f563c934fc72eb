"""Throughput over the latency of a decoding step while the batch grows, two context lengths."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.serving.roofline import decode_step

BATCHES = [1, 8, 16, 32, 64, 96, 128, 192, 256, 384, 512]


def draw() -> str:
    """x: milliseconds of a step; y: tokens per second of the whole batch."""
    svg = Svg(720, 410, "解码的吞吐与单步延迟")
    left, right, top, bottom = 84.0, 680.0, 40.0, 340.0

    def place(seconds: float, rate: float) -> tuple[float, float]:
        return left + (right - left) * seconds * 1e3 / 100, bottom - (bottom - top) * rate / 17_000

    for ms in (0, 20, 40, 60, 80, 100):
        svg.text(place(ms / 1e3, 0)[0], bottom + 24, str(ms), size=17)
    for rate in (0, 5000, 10_000, 15_000):
        y = place(0, rate)[1]
        svg.line(left, y, right, y, opacity=0.14)
        svg.text(left - 8, y + 6, f"{rate}", anchor="end", size=17)
    for context, colour in ((512, ACCENT), (2048, ACCENT2)):
        svg.polyline([place(*decode_step(b, context)) for b in BATCHES], stroke=colour, width=3)
        for batch in (32, 128, 256, 512):
            x, y = place(*decode_step(batch, context))
            svg.circle(x, y, 6, fill=colour)
            side = (10, 22, "start") if context == 2048 else (-10, -6, "end")
            svg.text(x + side[0], y + side[1], f"b={batch}" if batch == 32 else f"{batch}", anchor=side[2], size=17)
    svg.text(*place(0.040, 15_000), "上下文 512", anchor="start", size=19, fill=ACCENT, bold=True)
    svg.text(*place(0.058, 6700), "上下文 2048", anchor="start", size=19, fill=ACCENT2, bold=True)
    svg.text((left + right) / 2, bottom + 54, "一步的时间下界（ms）", size=18)
    svg.text(left - 60, 24, "token/s（整批）", anchor="start", size=17)
    return svg.render()
