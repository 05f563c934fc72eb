"""Entropy and Jacobian of softmax rows against d_k, with and without the factor 1/sqrt(d_k)."""

from __future__ import annotations

from math import log

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.attention.scaling import saturation

DIMS = [2**i for i in range(2, 11)]
WIDE, HIGH, TOP = 270.0, 210.0, 90.0


def draw() -> str:
    svg = Svg(
        720,
        420,
        "不缩放时，注意力行的熵随 d_k 降到 0，softmax 的雅可比先升后降到 0；缩放后两者都不随 d_k 变化",
    )
    runs = {scaled: [saturation(d_k, scaled) for d_k in DIMS] for scaled in (True, False)}
    panel(svg, 60, "熵（nat）", {k: [r.entropy for r in v] for k, v in runs.items()}, [0.0, 2.0, 4.0])
    panel(svg, 410, "雅可比范数", {k: [r.gradient for r in v] for k, v in runs.items()}, [0.0, 0.2, 0.4])
    ceiling = TOP + HIGH * (1 - log(64) / 4.5)
    svg.line(60, ceiling, 60 + WIDE, ceiling, dash="4 4", opacity=0.5)
    svg.text(60 + WIDE, ceiling - 6, "均匀分布：ln 64", size=16, anchor="end", opacity=0.8)
    for x, color, label in ((120, ACCENT, "除以 √d_k"), (410, ACCENT2, "不缩放")):
        svg.line(x, 392, x + 40, 392, stroke=color, width=4, opacity=1)
        svg.text(x + 50, 398, label, size=18, anchor="start")
    return svg.render()


def panel(svg: Svg, left: float, title: str, curves: dict[bool, list[float]], ticks: list[float]) -> None:
    """One plot over log2 d_k; the vertical axis ends an eighth above the last tick."""
    top = ticks[-1] * 1.125

    def y(value: float) -> float:
        return TOP + HIGH * (1 - value / top)

    svg.text(left, 56, title, size=19, anchor="start", bold=True)
    svg.line(left, y(0), left + WIDE, y(0), stroke=INK)
    svg.line(left, TOP, left, y(0), stroke=INK)
    for tick in ticks:
        svg.line(left - 5, y(tick), left, y(tick), stroke=INK)
        svg.text(left - 10, y(tick) + 6, f"{tick:g}", size=16, anchor="end")
    xs = [left + WIDE * i / (len(DIMS) - 1) for i in range(len(DIMS))]
    for x, d_k in list(zip(xs, DIMS, strict=True))[::2]:
        svg.line(x, y(0), x, y(0) + 5, stroke=INK)
        svg.text(x, y(0) + 24, str(d_k), size=16)
    svg.text(left + WIDE / 2, y(0) + 50, "每头维度 d_k", size=17)
    for scaled, color in ((True, ACCENT), (False, ACCENT2)):
        points = [(x, y(value)) for x, value in zip(xs, curves[scaled], strict=True)]
        svg.polyline(points, stroke=color, width=3)
