"""Share of facts seen once, and chance of being asked for one never seen, over the size of the corpus."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.reliability.singletons import missing_mass, simulate, singleton_rate, zipf

SIZES = [round(10 ** float(e)) for e in np.arange(2, 5.76, 0.25)]


def draw() -> str:
    """One curve for both expectations (they coincide), dots for the measured error."""
    p = zipf(20_000)
    svg = Svg(700, 330, "只出现一次的事实占比、没见过的占比与实测错误率，随语料量一起下降")
    left, right, top, base = 76.0, 660.0, 22.0, 262.0

    def at(n: int, value: float) -> tuple[float, float]:
        return left + (right - left) * (np.log10(n) - 2) / 3.75, base - (base - top) * value / 0.8

    svg.line(left, base, right, base)
    svg.line(left, base, left, top)
    for value in (0.0, 0.2, 0.4, 0.6, 0.8):
        svg.text(left - 10, at(100, value)[1] + 6, f"{value:.0%}", anchor="end", size=17)
    for n, label in ((100, "100"), (1000, "1 千"), (10_000, "1 万"), (100_000, "10 万")):
        svg.text(at(n, 0)[0], base + 25, label, size=17)
    svg.text((left + right) / 2, base + 54, "语料里的提及次数", size=18)
    svg.polyline([at(n, singleton_rate(p, n)) for n in SIZES], stroke=ACCENT, width=3)
    svg.polyline([at(n, missing_mass(p, n)) for n in SIZES], stroke=ACCENT2, width=3, dash="3 7")
    for n in SIZES[2:-2:2]:
        svg.circle(*at(n, simulate(p, n, 365, 0)[1]), 5.5)
    for y, label in ((60, "只出现一次的占比"), (90, "没见过的占比"), (120, "实测错误率")):
        if y == 120:
            svg.circle(420, y - 6, 5.5)
        else:
            svg.line(
                400,
                y - 6,
                440,
                y - 6,
                stroke=ACCENT if y == 60 else ACCENT2,
                width=3,
                opacity=1,
                dash="" if y == 60 else "3 7",
            )
        svg.text(452, y, label, anchor="start", size=18)
    return svg.render()
