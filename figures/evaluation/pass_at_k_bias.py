"""Mean of the two estimators of pass@k over k, when each sample passes with probability 0.1."""

from __future__ import annotations

from figures.chart import Chart
from figures.svg import ACCENT, ACCENT2, Svg
from labs.evaluation.pass_at_k import expectation, pass_at_k, plug_in

P, N = 0.1, 20


def draw() -> str:
    """The unbiased estimator lies on the truth; the plug-in one below it."""
    svg = Svg(700, 330, "pass@k 的两种估计的期望：无偏估计落在真值上，代入法偏低")
    chart = Chart(svg, 70, 660, 24, 260)
    ks = range(1, N + 1)
    place = {k: (k - 1) / (N - 1) for k in ks}
    chart.axes({place[k]: str(k) for k in (1, 5, 10, 15, 20)}, f"k（每题采 n = {N} 条，单条通过率 {P}）")
    chart.curve(((place[k], expectation(plug_in, P, N, k)) for k in ks), ACCENT2, "8 5")
    chart.curve((place[k], 1 - (1 - P) ** k) for k in ks)
    for k in ks:
        svg.circle(*chart.at(place[k], expectation(pass_at_k, P, N, k)), 5, fill=ACCENT)
    x, _ = chart.at(place[11], 0)
    svg.text(x - 20, chart.at(0, 0.8)[1], "真值（线）与无偏估计（点）", anchor="end", size=18, fill=ACCENT)
    svg.text(x + 10, chart.at(0, 0.42)[1], "代入法 1 − (1 − c/n)ᵏ", anchor="start", size=18, fill=ACCENT2)
    return svg.render()
