"""Probability of becoming a candidate pair against similarity, for three ways to cut signatures into bands."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.pretraining.minhash import FINEWEB, LEE, s_curve


def draw() -> str:
    """Three S-curves; the longer the signature, the steeper the step."""
    svg = Svg(700, 350, "分段匹配的 S 形曲线")
    left, right, top, bottom = 80.0, 660.0, 24.0, 280.0

    def at(x: float, y: float) -> tuple[float, float]:
        return left + (right - left) * x, bottom - (bottom - top) * y

    for value in (0.0, 0.5, 1.0):
        svg.line(left, at(0, value)[1], right, at(0, value)[1], opacity=0.2)
        svg.text(left - 10, at(0, value)[1] + 6, f"{100 * value:.0f}%", anchor="end", size=17)
    for x in (0.0, 0.25, 0.5, 0.75, 1.0):
        svg.text(at(x, 0)[0], bottom + 26, f"{x:g}", size=17)
    s = np.linspace(0, 1, 101)
    for (bands, rows), color, dash in [((112, 1), INK, "4 5"), (FINEWEB, ACCENT, ""), (LEE, ACCENT2, "")]:
        p = s_curve(s, bands, rows)
        svg.polyline([at(float(a), float(b)) for a, b in zip(s, p, strict=True)], stroke=color, width=3, dash=dash)
    svg.text(*at(0.07, 0.78), "112 段×1", anchor="start", size=18)
    svg.text(*at(0.36, 0.36), "14 段×8", anchor="start", size=18, fill=ACCENT, bold=True)
    svg.text(*at(0.76, 0.2), "450 段×20", anchor="start", size=18, fill=ACCENT2, bold=True)
    svg.text((left + right) / 2, bottom + 56, "真实的 Jaccard 相似度", size=18)
    return svg.render()
