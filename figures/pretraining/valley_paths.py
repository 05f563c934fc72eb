"""Paths of four optimizers in the lab's valley ½(x² + 100y²), seen from above."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.pretraining.optimizers import CURVATURE, SGD, START, Adam, Optimizer, RMSProp, run, valley


def draw() -> str:
    """Four panels with contour ellipses; 60 steps each, rates as the page names them or 0.03."""
    svg = Svg(720, 450, "狭长山谷里四种优化器的前 60 步")
    panels: list[tuple[str, Optimizer, str]] = [
        ("SGD", SGD(0.019), ACCENT2),
        ("动量 0.9", SGD(0.01, 0.9), ACCENT),
        ("RMSProp", RMSProp(0.03, rho=0.9), ACCENT2),
        ("Adam", Adam(0.03), ACCENT),
    ]
    for i, (name, optimizer, color) in enumerate(panels):
        cx, cy = 190.0 + 350 * (i % 2), 128.0 + 228 * (i // 2)
        sx, sy = 130.0, 78.0
        for level in (0.1, 0.4, 0.8):
            angles = np.linspace(0, 2 * np.pi, 73)
            rx, ry = (2 * level / CURVATURE) ** 0.5
            ring = [(cx + sx * rx * float(np.cos(a)), cy - sy * ry * float(np.sin(a))) for a in angles]
            svg.polyline(ring, stroke=INK, width=0.7)
        path = run(optimizer, START, valley, 60)
        svg.polyline([(cx + sx * float(x), cy - sy * float(y)) for x, y in path], stroke=color, width=1.8)
        for x, y in path:
            svg.circle(cx + sx * float(x), cy - sy * float(y), 2.6, fill=color)
        svg.circle(cx, cy, 4)
        svg.text(cx - 150, cy - 84, name, anchor="start", size=20, bold=True, fill=color)
    return svg.render()
