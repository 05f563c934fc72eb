"""Compute and all-reduce time of one step against the number of cards, batch fixed."""

from __future__ import annotations

from math import log10

from figures.svg import ACCENT, ACCENT2, Svg
from labs.distributed.scaling import compute_seconds, sync_seconds

PARAMS, TOKENS, FLOPS, BANDWIDTH = 7e9, 4e6, 400e12, 50e9
CARDS = [8, 16, 32, 64, 128, 256, 512, 1024, 2048]


def draw() -> str:
    """Both axes logarithmic: one line falls with 1/N, the other stays."""
    svg = Svg(700, 380, "一步的计算时间与梯度同步时间随卡数的变化")
    left, right, top, bottom = 80.0, 660.0, 30.0, 310.0

    def place(cards: float, seconds: float) -> tuple[float, float]:
        x = left + (right - left) * log10(cards / 8) / log10(2048 / 8)
        return x, bottom - (bottom - top) * (log10(seconds) + 1) / 3  # 0.1 to 100 s

    for value in (0.1, 1, 10, 100):
        y = place(8, value)[1]
        svg.line(left, y, right, y, opacity=0.2)
        svg.text(left - 10, y + 6, f"{value:g}", anchor="end", size=18)
    for cards in (8, 64, 512, 2048):
        svg.text(place(cards, 1)[0], bottom + 26, str(cards), size=18)
    svg.text((left + right) / 2, bottom + 58, "卡数（每步总 token 数不变）", size=19)
    svg.text(left + 8, top - 8, "秒", anchor="start", size=18)
    svg.polyline([place(n, compute_seconds(PARAMS, TOKENS, n, FLOPS)) for n in CARDS], stroke=ACCENT, width=3)
    svg.polyline([place(n, sync_seconds(PARAMS, n, BANDWIDTH)) for n in CARDS], stroke=ACCENT2, width=3)
    x, y = place(32, compute_seconds(PARAMS, TOKENS, 32, FLOPS))
    svg.text(x + 14, y - 8, "计算：除以卡数", anchor="start", size=20, fill=ACCENT, bold=True)
    x, y = place(8, sync_seconds(PARAMS, 8, BANDWIDTH))
    svg.text(x + 14, y - 14, "梯度 all-reduce：几乎不变", anchor="start", size=20, fill=ACCENT2, bold=True)
    return svg.render()
