"""Share of groups that carry a signal, over the pass rate of the question, for three group sizes."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.alignment.group_advantage import informative

CURVES = [(64, ACCENT, ""), (16, ACCENT2, ""), (4, INK, "8 5")]


def draw() -> str:
    """1 − p^G − (1−p)^G: flat in the middle, steep at both ends."""
    svg = Svg(700, 330, "有信号的组所占的比例")
    left, right, top, base = 70.0, 540.0, 20.0, 262.0
    svg.line(left, base, right, base)
    svg.line(left, base, left, top)
    for value in (0.0, 0.5, 1.0):
        svg.text(left - 10, base - (base - top) * value + 6, f"{value:.1f}", anchor="end", size=17)
        svg.text(left + (right - left) * value, base + 24, f"{value:.1f}", size=17)
    svg.text((left + right) / 2, base + 54, "题目的通过率 p", size=18)
    for row, (size, color, dash) in enumerate(CURVES):
        rates = np.linspace(0, 1, 101)
        points = [(left + (right - left) * float(p), base - (base - top) * informative(float(p), size)) for p in rates]
        svg.polyline(points, stroke=color, width=3, dash=dash)
        y = 60 + 40 * row
        svg.line(right + 22, y, right + 62, y, stroke=color, width=3, dash=dash, opacity=1)
        svg.text(right + 72, y + 6, f"G={size}", anchor="start", size=18)
    return svg.render()
