"""Speed-up against draft length for three acceptance rates."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.serving.speculative import best_gamma, speedup

COST = 0.05


def draw() -> str:
    """Draft step at 5 % of a target step."""
    svg = Svg(700, 390, "投机解码的加速比")
    left, right, top, bottom = 60.0, 610.0, 40.0, 310.0

    def place(gamma: float, s: float) -> tuple[float, float]:
        return left + (right - left) * gamma / 20, bottom - (bottom - top) * s / 5

    for tick in range(6):
        x0, y = place(0, tick)
        svg.line(x0, y, right, y, opacity=0.15)
        svg.text(x0 - 12, y + 6, str(tick), size=18, anchor="end")
    for gamma in (0, 5, 10, 15, 20):
        x, _ = place(gamma, 0)
        svg.text(x, bottom + 28, str(gamma), size=18)
    for alpha, color, dash in ((0.9, ACCENT, ""), (0.8, ACCENT2, ""), (0.6, "currentColor", "6 4")):
        svg.polyline([place(g, speedup(alpha, g, COST)) for g in range(21)], stroke=color, width=3, dash=dash)
        best = best_gamma(alpha, COST)
        svg.circle(*place(best, speedup(alpha, best, COST)), 7, fill=color)
        svg.text(
            right + 10, place(20, speedup(alpha, 20, COST))[1] + 6, f"α={alpha:g}", size=19, anchor="start", fill=color
        )
    svg.text((left + right) / 2, bottom + 62, "草稿长度 γ", size=19)
    svg.text(left, top - 14, "加速比（草稿一步 = 0.05 步）", size=18, anchor="start")
    return svg.render()
