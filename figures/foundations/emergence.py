"""The same toy models by a linear measure and by exact match."""

from __future__ import annotations

from math import log10

import numpy as np

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.foundations.emergence import exact_match, token_accuracy

SIZES = np.logspace(6, 12, 61)
W, H, TOP = 270.0, 210.0, 56.0


def draw() -> str:
    """Left: right tokens per answer. Right: answers that are right as a whole, for three lengths."""
    svg = Svg(740, 340, "左：逐 token 正确率随规模平滑上升；右：答案越长，整串全对率越像突然跳起")
    p = token_accuracy(SIZES)  # (n,)
    for left, title in ((60.0, "每个 token 的正确率"), (420.0, "整串全对率")):
        svg.text(left + W / 2, 28, title, size=17, bold=True)
        for share in (0, 0.5, 1):
            y = TOP + H * (1 - share)
            svg.line(left, y, left + W, y, opacity=0.15 if share else 0.6)
            svg.text(left - 8, y + 5, f"{share:.0%}", size=15, anchor="end")
        for power in (6, 8, 10, 12):
            svg.text(left + W * (power - 6) / 6, TOP + H + 24, f"1e{power}", size=15)
        svg.text(left + W / 2, TOP + H + 52, "参数量（虚构）", size=16)

    def curve(left: float, values: list[float]) -> list[tuple[float, float]]:
        logs = [log10(n) for n in SIZES.tolist()]
        return [(left + W * (n - 6) / 6, TOP + H * (1 - v)) for n, v in zip(logs, values, strict=True)]

    svg.polyline(curve(60, p.tolist()), stroke=ACCENT, width=3)
    for length, color, dash, dx in ((1, ACCENT, "", 60.0), (5, INK, "6 4", 122.0), (20, ACCENT2, "", 208.0)):
        svg.polyline(curve(420, exact_match(p, length).tolist()), stroke=color, width=2.5, dash=dash)
        at = float(np.interp(6 + 6 * dx / W, np.log10(SIZES), exact_match(p, length)))
        svg.text(420 + dx - 6, TOP + H * (1 - at) - 6, f"L={length}", size=15, anchor="end")
    return svg.render()
