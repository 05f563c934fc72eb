"""Chance of at least one success against the number of tries: even prompts, and all risk in a few of them."""

from __future__ import annotations

from math import log10

from figures.svg import ACCENT, ACCENT2, Svg
from labs.safety.attack_rate import any_of, mean_any_of

TRIES = [1, 2, 3, 5, 8, 12, 20, 30, 50, 80, 100, 150, 200, 300]


def draw() -> str:
    """Two curves with the same mean rate of 1% a try."""
    svg = Svg(700, 340, "尝试次数与至少成功一次的概率")
    left, right, top, bottom = 90.0, 660.0, 60.0, 270.0

    def x(tries: int) -> float:
        return left + (right - left) * log10(tries) / log10(TRIES[-1])

    def y(rate: float) -> float:
        return bottom - (bottom - top) * rate

    for rate in (0.0, 0.5, 1.0):
        svg.line(left, y(rate), right, y(rate), opacity=0.25)
        svg.text(left - 10, y(rate) + 6, f"{100 * rate:.0f}%", anchor="end", size=18)
    for tries in (1, 3, 12, 30, 100, 300):
        svg.text(x(tries), bottom + 28, str(tries), size=18)
    svg.text((left + right) / 2, bottom + 58, "每个提示的尝试次数（平均单次 1%）", size=19)
    even = [(x(n), y(any_of(0.01, n))) for n in TRIES]
    uneven = [(x(n), y(mean_any_of([0.2] * 5 + [0.0] * 95, n))) for n in TRIES]
    svg.polyline(even, stroke=ACCENT, width=3)
    svg.polyline(uneven, stroke=ACCENT2, width=3, dash="7 4")
    svg.line(left, 28, left + 40, 28, stroke=ACCENT, width=3, opacity=1)
    svg.text(left + 50, 34, "每个提示都是 1%", anchor="start", size=19)
    svg.line(left + 240, 28, left + 280, 28, stroke=ACCENT2, width=3, opacity=1, dash="7 4")
    svg.text(left + 290, 34, "5% 的提示各 20%，其余 0", anchor="start", size=19)
    return svg.render()
