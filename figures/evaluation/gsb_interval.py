"""Net win rates of three side-by-side evaluations with their 95 % intervals."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.evaluation.gsb import bootstrap_interval, net_win_rate, sign_test

RESULTS = [(45, 20, 35), (52, 20, 28), (180, 80, 140)]


def draw() -> str:
    """A bar from low to high with a dot at the rate; orange where zero lies inside."""
    svg = Svg(700, 270, "三次 GSB 评测的净胜率与 95% 区间")
    left, right = 210.0, 670.0

    def at(rate: float) -> float:
        return left + (right - left) * (rate + 0.2) / 0.8

    svg.line(at(0), 14, at(0), 206, dash="6 5")
    for row, (g, s, b) in enumerate(RESULTS):
        y = 44.0 + 62 * row
        low, high = bootstrap_interval(g, s, b, seed=0)
        color = ACCENT if low > 0 else ACCENT2
        svg.text(16, y + 6, f"{g} / {s} / {b}", anchor="start", size=19, bold=True)
        svg.line(at(low), y, at(high), y, stroke=color, width=5, opacity=0.9)
        svg.circle(at(net_win_rate(g, s, b)), y, 8, fill=color)
        svg.text(at(high) + 12, y + 6, f"p = {sign_test(g, b):.3f}", anchor="start", size=17)
    for rate in (-0.2, 0.0, 0.2, 0.4):
        svg.text(at(rate), 228, f"{rate:+.1f}" if rate else "0", size=17)
    svg.text((left + right) / 2, 256, "净胜率 (G − B) / (G + S + B)", size=18)
    return svg.render()
