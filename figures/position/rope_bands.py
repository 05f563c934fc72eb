"""Turns that each RoPE pair makes within 4096 tokens: the last eighteen never complete one."""

from __future__ import annotations

from math import log10

from figures.svg import ACCENT, ACCENT2, Svg
from labs.position.frequency_bands import turns

X0, X1, Y0, Y1 = 70.0, 700.0, 320.0, 50.0


def draw() -> str:
    """One bar per pair on a logarithmic axis, around the line of one turn."""
    svg = Svg(720, 400, "d=128、b=10000、L=4096 时每组维度转过的圈数：第 0 组 652 圈，第 46 组起不足一圈")

    def height(count: float) -> float:
        return Y0 + (Y1 - Y0) * (log10(count) + 2) / 5

    for count, label in ((0.01, "0.01"), (0.1, "0.1"), (1, "1"), (10, "10"), (100, "100"), (1000, "1000")):
        svg.line(X0, height(count), X1, height(count), opacity=0.6 if count == 1 else 0.15)
        svg.text(X0 - 8, height(count) + 5, label, size=14, anchor="end")
    made = turns(128, 4096)  # (64,)
    width = (X1 - X0) / len(made)
    for i, value in enumerate(made):
        top, base = height(float(value)), height(1.0)
        color = ACCENT if value >= 1 else ACCENT2
        svg.rect(
            X0 + i * width + 1, min(top, base), width - 2, abs(base - top), fill=color, opacity=0.85, stroke="none"
        )
    for i in (0, 16, 32, 46, 63):
        svg.text(X0 + (i + 0.5) * width, Y0 + 22, str(i), size=14)
    svg.text((X0 + X1) / 2, Y0 + 52, "组号 i（高频 → 低频）", size=15)
    svg.text(20, 28, "4096 个词内转过的圈数", size=15, anchor="start")
    svg.text(X0 + 14 * width, height(200), "转满过：各个角度都见过", size=15, anchor="start", fill=ACCENT)
    svg.text(X1, height(2.2), "不足一圈", size=15, anchor="end", fill=ACCENT2)
    return svg.render()
