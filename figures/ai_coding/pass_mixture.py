"""pass@k of a suite of unequal problems, and what its mean pass@1 would promise."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.ai_coding.pass_suite import average_first, truth

RATES = np.array([0.9, 0.9, 0.1, 0.1, 0.0])
MOST = 20


def draw() -> str:
    """Two curves from the same pass@1."""
    svg = Svg(700, 330, "五道难易不同的题：先逐题算再平均，与先平均通过率再代公式")
    left, right, top, base = 70.0, 660.0, 24.0, 258.0

    def at(k: int, value: float) -> tuple[float, float]:
        return left + (right - left) * (k - 1) / (MOST - 1), base - (base - top) * value

    svg.line(left, base, right, base)
    svg.line(left, base, left, top)
    for value in (0.0, 0.5, 1.0):
        svg.text(left - 10, at(1, value)[1] + 6, f"{value:.1f}", anchor="end", size=17)
    for k in (1, 5, 10, 15, 20):
        svg.text(at(k, 0)[0], base + 24, str(k), size=17)
    svg.text((left + right) / 2, base + 52, "k（五道题的通过率：0.9、0.9、0.1、0.1、0）", size=18)
    ks = range(1, MOST + 1)
    svg.polyline([at(k, average_first(RATES, k)) for k in ks], stroke=ACCENT2, width=3, dash="8 5")
    svg.polyline([at(k, truth(RATES, k)) for k in ks], width=3)
    svg.text(at(8, 0)[0], at(1, 0.86)[1], "先平均通过率，再代公式", anchor="start", size=18, fill=ACCENT2)
    svg.text(at(8, 0)[0], at(1, 0.44)[1], "逐题算 pass@k，再平均", anchor="start", size=18, fill=ACCENT)
    return svg.render()
