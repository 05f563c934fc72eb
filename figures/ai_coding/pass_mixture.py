"""pass@k of a suite of unequal problems, and what its mean pass@1 would promise."""

from __future__ import annotations

import numpy as np

from figures.chart import Chart
from figures.svg import ACCENT, ACCENT2, Svg
from labs.ai_coding.pass_suite import average_first, truth

RATES = np.array([0.9, 0.9, 0.1, 0.1, 0.0])
MOST = 20


def draw() -> str:
    """Two curves from the same pass@1."""
    svg = Svg(700, 330, "五道难易不同的题：先逐题算再平均，与先平均通过率再代公式")
    chart = Chart(svg, 70, 660, 24, 258)
    ks = range(1, MOST + 1)
    place = {k: (k - 1) / (MOST - 1) for k in ks}
    chart.axes({place[k]: str(k) for k in (1, 5, 10, 15, 20)}, "k（五道题的通过率：0.9、0.9、0.1、0.1、0）")
    chart.curve(((place[k], average_first(RATES, k)) for k in ks), ACCENT2, "8 5")
    chart.curve((place[k], truth(RATES, k)) for k in ks)
    svg.text(*chart.at(place[8], 0.86), "先平均通过率，再代公式", anchor="start", size=18, fill=ACCENT2)
    svg.text(*chart.at(place[8], 0.44), "逐题算 pass@k，再平均", anchor="start", size=18, fill=ACCENT)
    return svg.render()
