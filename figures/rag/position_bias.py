"""A judge that favours what it reads first: win rate of A in each order, and with both orders combined."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.rag.judge import simulate, win_rate


def draw() -> str:
    """Three curves over the strength of the bias, for an A that is slightly better."""
    svg = Svg(700, 320, "位置偏置与换位")
    left, top, width, height = 76.0, 20.0, 400.0, 230.0
    strengths = [0.1 * i for i in range(11)]

    def at(bias: float, value: float) -> tuple[float, float]:
        return left + width * bias, top + height * (1 - value)

    for level in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = at(0, level)[1]
        svg.line(left, y, left + width, y, opacity=0.2)
        svg.text(left - 10, y + 6, f"{level:.2f}", anchor="end", size=17)
    for bias in (0.0, 0.5, 1.0):
        svg.text(at(bias, 0)[0], top + height + 24, f"{bias:g}", size=17)
    svg.text(left + width / 2, top + height + 52, "评委对先读者的偏好", size=18)
    curves: list[list[tuple[float, float]]] = [[], [], []]
    for bias in strengths:
        first, second = simulate(4000, 0.3, bias)
        for curve, value in zip(
            curves, ((first > 0).mean(), (second > 0).mean(), win_rate(first, second)), strict=True
        ):
            curve.append(at(bias, float(value)))
    for curve, text, color, wide in zip(
        curves, ("A 总在前", "A 总在后", "两次不一致算平"), (ACCENT2, INK, ACCENT), (2, 2, 3), strict=True
    ):
        svg.polyline(curve, stroke=color, width=wide, dash="" if wide == 3 else "7 5")
        svg.text(left + width + 8, curve[-1][1] + 6, text, anchor="start", size=18, fill=color)
    return svg.render()
