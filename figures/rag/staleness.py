"""Mean share of stale facts against the update period, for three rates of change."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.rag.staleness import stale_share

CURVES = [(30, ACCENT2), (100, ACCENT), (365, INK)]


def draw() -> str:
    """One curve a rate, from daily to quarterly updates."""
    svg = Svg(680, 360, "更新周期越长，陈旧的事实越多")
    left, right, top, bottom = 80.0, 520.0, 30.0, 300.0

    def at(days: float, share: float) -> tuple[float, float]:
        return left + (right - left) * days / 90, bottom - (bottom - top) * share / 0.8

    for share in (0, 0.2, 0.4, 0.6, 0.8):
        y = at(0, share)[1]
        svg.line(left, y, right, y, opacity=0.2)
        svg.text(left - 10, y + 6, f"{share:.0%}", anchor="end", size=17)
    for days in (1, 30, 60, 90):
        svg.text(at(days, 0)[0], bottom + 26, str(days), size=17)
    svg.text((left + right) / 2, bottom + 52, "每隔几天更新一次", size=18)
    for life, color in CURVES:
        svg.polyline([at(d, stale_share(1 / life, d)) for d in range(1, 91)], stroke=color, width=2.5)
        x, y = at(90, stale_share(1 / life, 90))
        svg.text(x + 10, y + 6, f"{life} 天变一次", anchor="start", size=18, fill=color)
    return svg.render()
