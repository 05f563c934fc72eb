"""How far back the final reward reaches through GAE: fixed λ and VAPO's, for two lengths."""

from __future__ import annotations

import numpy as np

from figures.chart import Chart
from figures.svg import ACCENT, ACCENT2, Svg
from labs.alignment.length_adaptive import adaptive_lambda, reward_weight


def draw() -> str:
    """Weight of the final TD error by distance from the end, on a logarithmic distance axis."""
    svg = Svg(720, 340, "最后一个 TD 误差的权重随距离衰减")
    chart = Chart(svg, 70, 470, 20, 266)
    chart.axes({power / 4: str(10**power) for power in range(5)}, "离结尾的 token 数")
    curves = [
        (0.95, ACCENT2, "", "固定 λ=0.95"),
        (adaptive_lambda(1_000), ACCENT, "8 5", "自适应，长 1 000"),
        (adaptive_lambda(10_000), ACCENT, "", "自适应，长 10 000"),
    ]
    for row, (lam, color, dash, label) in enumerate(curves):
        chart.curve(((float(u) / 4, reward_weight(10 ** float(u), lam)) for u in np.linspace(0, 4, 161)), color, dash)
        chart.key(50 + 40 * row, label, color, dash)
    return svg.render()
