"""BM25's term weight against the count of the term: k₁ sets the ceiling, the passage's length sets the slope."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.rag.bm25 import saturation


def draw() -> str:
    """Curves for a passage of average length, one twice as long, and the raw count."""
    svg = Svg(700, 330, "词频饱和与长度归一")
    left, top, width, height = 70.0, 24.0, 400.0, 240.0
    count = np.linspace(0, 10, 51)  # (51,)

    def points(values: npt.NDArray[np.float64]) -> list[tuple[float, float]]:
        return [(left + width * c / 10, top + height * (1 - v / 3)) for c, v in zip(count, values, strict=True)]

    for level in (0, 1, 2, 3):
        y = top + height * (1 - level / 3)
        svg.line(left, y, left + width, y, opacity=0.2)
        svg.text(left - 10, y + 6, str(level), anchor="end", size=17)
    for tick in (0, 2, 4, 6, 8, 10):
        svg.text(left + width * tick / 10, top + height + 24, str(tick), size=17)
    svg.text(left + width / 2, top + height + 52, "词在段落里出现的次数", size=18)
    one = np.ones_like(count)
    svg.polyline([p for p in points(count) if p[1] >= top], stroke=INK, dash="3 4")
    svg.text(left + 122, top + 16, "原始计数", anchor="start", size=17)
    svg.polyline(points(saturation(count, one, 1.0)), stroke=ACCENT, width=3)
    svg.polyline(points(saturation(count, 2 * one, 1.0)), stroke=ACCENT, dash="8 5")
    svg.polyline(points(saturation(count, one, 1.0, k1=0.5)), stroke=ACCENT2, width=3)
    ends = [
        (saturation(count, one, 1.0)[-1] + 0.1, "k₁=1.5，平均长", ACCENT),
        (saturation(count, 2 * one, 1.0)[-1] - 0.1, "k₁=1.5，两倍长", ACCENT),
        (saturation(count, one, 1.0, k1=0.5)[-1], "k₁=0.5，平均长", ACCENT2),
    ]
    for value, text, color in ends:
        svg.text(left + width + 10, top + height * (1 - value / 3) + 6, text, anchor="start", size=18, fill=color)
    return svg.render()
