"""Mean of the two estimators of pass@k over k, when each sample passes with probability 0.1."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.evaluation.pass_at_k import expectation, pass_at_k, plug_in

P, N = 0.1, 20


def draw() -> str:
    """The unbiased estimator lies on the truth; the plug-in one below it."""
    svg = Svg(700, 330, "pass@k 的两种估计的期望：无偏估计落在真值上，代入法偏低")
    left, right, top, base = 70.0, 660.0, 24.0, 260.0

    def at(k: int, value: float) -> tuple[float, float]:
        return left + (right - left) * (k - 1) / (N - 1), base - (base - top) * value

    svg.line(left, base, right, base)
    svg.line(left, base, left, top)
    for value in (0.0, 0.5, 1.0):
        svg.text(left - 10, at(1, value)[1] + 6, f"{value:.1f}", anchor="end", size=17)
    for k in (1, 5, 10, 15, 20):
        svg.text(at(k, 0)[0], base + 24, str(k), size=17)
    svg.text((left + right) / 2, base + 52, f"k（每题采 n = {N} 条，单条通过率 {P}）", size=18)
    ks = range(1, N + 1)
    svg.polyline([at(k, expectation(plug_in, P, N, k)) for k in ks], stroke=ACCENT2, width=3, dash="8 5")
    svg.polyline([at(k, 1 - (1 - P) ** k) for k in ks], width=3)
    for k in ks:
        svg.circle(*at(k, expectation(pass_at_k, P, N, k)), 5, fill=ACCENT)
    svg.text(at(11, 0)[0] - 20, at(1, 0.8)[1], "真值（线）与无偏估计（点）", anchor="end", size=18, fill=ACCENT)
    svg.text(at(11, 0)[0] + 10, at(1, 0.42)[1], "代入法 1 − (1 − c/n)ᵏ", anchor="start", size=18, fill=ACCENT2)
    return svg.render()
