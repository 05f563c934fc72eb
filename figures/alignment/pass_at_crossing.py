"""pass@k of a sure and of an unsure policy: the curves cross."""

from __future__ import annotations

from math import log10

from figures.svg import ACCENT, ACCENT2, Svg
from labs.alignment.decoding_gap import BROAD, SHARP, greedy, pass_at


def draw() -> str:
    """At k = 1 the sure policy leads, at k = 10 the unsure one; dots at the left are greedy decoding."""
    svg = Svg(700, 340, "两个策略的 pass@k 曲线相交：k 小时自信的高，k 大时分散的高")
    left, right, top, base = 110.0, 660.0, 24.0, 262.0

    def at(k: float, p: float) -> tuple[float, float]:
        return left + (right - left) * log10(k) / 2, base - (base - top) * p

    svg.line(left, base, right, base)
    svg.line(left - 40, base, left - 40, top)
    for p in (0.0, 0.5, 1.0):
        svg.text(left - 50, at(1, p)[1] + 6, f"{p:.1f}", anchor="end", size=17)
    svg.text(left - 20, base + 24, "贪心", size=16)
    for k in (1, 3, 10, 30, 100):
        svg.text(at(k, 0)[0] + (8 if k == 1 else 0), base + 24, str(k), size=17)
    svg.text((left + right) / 2, base + 54, "k（对数刻度）", size=18)
    for answers, color, dash in [(SHARP, ACCENT, ""), (BROAD, ACCENT2, "8 5")]:
        svg.polyline([at(k, pass_at(answers, k)) for k in range(1, 101)], stroke=color, width=3, dash=dash)
        svg.circle(left - 20, at(1, greedy(answers))[1], 6, fill=color)
    svg.text(*at(22, 0.56), "自信的策略", size=18, fill=ACCENT, anchor="start")
    svg.text(*at(11, 0.83), "分散的策略", size=18, fill=ACCENT2, anchor="start")
    return svg.render()
