"""How many tokens per card and step hide a 16 GB/s bus, for weights and for optimizer states."""

from __future__ import annotations

from math import log2

from figures.svg import ACCENT, ACCENT2, Svg
from labs.distributed.offload import efficiency

PEAK, BUS = 70e12, 16e9
TOKENS = [2**k for k in range(8, 18)]


def draw() -> str:
    """Share of the peak without overlap; the horizontal axis is logarithmic."""
    svg = Svg(700, 372, "卸载时的算力利用率随每卡 token 数的变化")
    left, right, top, bottom = 76.0, 660.0, 30.0, 306.0

    def place(tokens: float, share: float) -> tuple[float, float]:
        return left + (right - left) * (log2(tokens) - 8) / 9, bottom - (bottom - top) * share

    for share in (0, 0.5, 1):
        y = place(256, share)[1]
        svg.line(left, y, right, y, opacity=0.2)
        svg.text(left - 10, y + 6, f"{share:.0%}", anchor="end", size=18)
    for tokens, text in ((256, "256"), (1024, "1K"), (4096, "4K"), (16384, "16K"), (65536, "64K")):
        svg.text(place(tokens, 0)[0], bottom + 26, text, size=18)
    svg.text((left + right) / 2, bottom + 56, "每卡每步的 token 数", size=19)
    for what, color in (("weights", ACCENT), ("optimizer", ACCENT2)):
        svg.polyline([place(t, efficiency(t, what, BUS, PEAK)) for t in TOKENS], stroke=color, width=3)
    x, y = place(4096, efficiency(4096, "weights", BUS, PEAK))
    svg.text(x - 12, y - 12, "参数与梯度", anchor="end", size=20, fill=ACCENT, bold=True)
    x, y = place(16384, efficiency(16384, "optimizer", BUS, PEAK))
    svg.text(x + 14, y + 18, "优化器状态", anchor="start", size=20, fill=ACCENT2, bold=True)
    return svg.render()
