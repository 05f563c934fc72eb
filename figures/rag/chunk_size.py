"""Share of answers that are whole in a prompt of 800 characters, against the chunk size."""

from __future__ import annotations

from math import log2

from figures.svg import ACCENT, ACCENT2, Svg
from labs.rag.chunking import experiment, fixed, packed


def draw() -> str:
    """Two curves: whole sentences, and cuts at fixed places."""
    svg = Svg(680, 370, "预算固定时，块长太小太大都不好")
    left, right, top, bottom = 80.0, 560.0, 30.0, 300.0

    def at(size: float, share: float) -> tuple[float, float]:
        return left + (right - left) * log2(size / 100) / 3, bottom - (bottom - top) * share / 0.5

    for share in (0, 0.1, 0.2, 0.3, 0.4, 0.5):
        y = at(100, share)[1]
        svg.line(left, y, right, y, opacity=0.2)
        svg.text(left - 10, y + 6, f"{share:.0%}", anchor="end", size=17)
    for size in (100, 200, 400, 800):
        svg.text(at(size, 0)[0], bottom + 26, str(size), size=18)
    svg.text((left + right) / 2, bottom + 54, "块长（字符），提示共 800 字符", size=18)
    for cut, sizes, color, dash in (
        (packed, (100, 200, 400, 800), ACCENT, ""),
        (fixed, (100, 200, 400), ACCENT2, "6 4"),
    ):
        points = [at(s, float((experiment(cut, s) == 1).mean())) for s in sizes]
        svg.polyline(points, stroke=color, width=2.5, dash=dash)
        for x, y in points:
            svg.circle(x, y, 5, fill=color)
    svg.text(
        570,
        at(800, float((experiment(packed, 800) == 1).mean()))[1] + 6,
        "按句切",
        anchor="start",
        size=19,
        fill=ACCENT,
    )
    x, y = at(400, float((experiment(fixed, 400) == 1).mean()))
    svg.text(x + 14, y - 4, "固定长度", anchor="start", size=19, fill=ACCENT2)
    return svg.render()
