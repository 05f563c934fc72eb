"""The distribution of the cosine of two random directions, in 16, 128 and 1024 dimensions."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, INK, Svg
from figures.vector_db.recall_cost import Plot
from labs.vector_db.similarity import cosine_density


def draw() -> str:
    """Three curves, each scaled to the same height."""
    svg = Svg(700, 330, "随机方向的余弦集中在 0 附近")
    plot = Plot(40, 670, 24, 260, -1, 1, log=False)
    plot.grid(svg, {-1: "−1", -0.5: "−0.5", 0: "0", 0.5: "0.5", 1: "1"}, {0.0: ""}, "两个随机方向的余弦")
    t = np.linspace(-1, 1, 401)
    styles = [(16, INK, ""), (128, ACCENT2, ""), (1024, ACCENT, "")]
    for row, (d, color, dash) in enumerate(styles):
        density = cosine_density(t, d)
        plot.curve(svg, [(float(a), float(b)) for a, b in zip(t, density, strict=True)], color, dash, dots=False)
        y = 60 + 34 * row
        svg.line(500, y - 6, 540, y - 6, stroke=color, width=3, opacity=1)
        svg.text(552, y, f"{d} 维", anchor="start", size=18)
    return svg.render()
