"""Context length over turns: never compacted, and compacted at two thresholds."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.ai_coding.compaction import Session

TURNS = 100


def draw() -> str:
    """A straight line that leaves the window, and two saws."""
    svg = Svg(700, 340, "上下文长度随轮次的变化：不压缩一路上涨，压缩则成锯齿")
    left, right, top, base = 76.0, 660.0, 24.0, 268.0

    def at(t: float, tokens: float) -> tuple[float, float]:
        return left + (right - left) * t / TURNS, base - (base - top) * tokens / 320_000

    svg.line(left, base, right, base)
    svg.line(left, base, left, top)
    for value in (100, 200, 300):
        svg.text(left - 8, at(0, value * 1000)[1] + 6, f"{value}k", anchor="end", size=17)
    svg.line(*at(0, 200_000), *at(TURNS, 200_000), dash="4 5", opacity=0.5)
    svg.text(at(3, 0)[0], at(0, 207_000)[1], "窗口 200k", anchor="start", size=17, opacity=0.8)
    for t in (0, 25, 50, 75, 100):
        svg.text(at(t, 0)[0], base + 24, str(t), size=17)
    svg.text((left + right) / 2, base + 52, "轮次", size=18)
    for threshold, color, dash in ((10**9, INK, "2 5"), (200_000, ACCENT2, ""), (100_000, ACCENT, "")):
        lengths, _ = Session().lengths(TURNS, threshold)
        svg.polyline([at(t + 1, int(x)) for t, x in enumerate(lengths.tolist())], stroke=color, width=3, dash=dash)
    svg.text(at(86, 0)[0], at(0, 292_000)[1], "不压缩", anchor="end", size=18)
    svg.text(at(74, 0)[0], at(0, 138_000)[1], "到 200k 压缩", anchor="start", size=18, fill=ACCENT2)
    svg.text(at(35, 0)[0], at(0, 12_000)[1], "到 100k 压缩", anchor="start", size=18, fill=ACCENT)
    return svg.render()
