"""Held-out accuracy of one probe per head, sorted; and where false statements move under the shift."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.reliability.iti import accuracy, direction, intervene, made, probe, spread

GOOD = [3, 10, 20, 33, 47, 60]


def draw() -> str:
    """Left: a few heads know, most are at chance. Right: the projections of one head for α = 0 and 2."""
    x, y = made(400, 64, 16, GOOD, 2.0, 1)
    held, truth = made(200, 64, 16, GOOD, 2.0, 2)
    svg = Svg(760, 320, "左：64 个头的探针准确率，六个突出；右：平移前后的投影")
    left, base, top = 60.0, 258.0, 30.0
    values = np.array([accuracy(held[:, h], truth, *probe(x[:, h], y)) for h in range(64)])
    order = np.argsort(-values)
    for i, h in enumerate(order):
        height = (base - top) * (values[h] - 0.4) / 0.5
        svg.rect(
            left + 5 * i,
            base - height,
            4,
            height,
            fill=ACCENT if h in GOOD else "currentColor",
            opacity=0.9 if h in GOOD else 0.35,
            stroke="none",
        )
    svg.line(left, base, left + 324, base)
    for value in (0.5, 0.7, 0.9):
        yy = base - (base - top) * (value - 0.4) / 0.5
        svg.text(left - 8, yy + 6, f"{value:.1f}", anchor="end", size=17)
        svg.line(left, yy, left + 324, yy, dash="3 6", opacity=0.4)
    svg.text(left + 162, base + 26, "64 个头，按验证准确率排", size=17)
    head = GOOD[0]
    theta = direction(x[:, head], y)
    sigma = spread(x[:, head], theta)
    rows = [
        ("真句", held[truth > 0.5][:, head] @ theta, ACCENT, 80.0),
        ("假句", held[truth < 0.5][:, head] @ theta, ACCENT2, 150.0),
        ("假句，α = 2", intervene(held[truth < 0.5], [head], [theta], 2.0, [sigma])[:, head] @ theta, ACCENT2, 220.0),
    ]
    origin, scale = 560.0, 34.0
    svg.line(origin, 40, origin, base, dash="3 6", opacity=0.5)
    for name, points, color, yy in rows:
        svg.text(420, yy - 16, name, anchor="start", size=17)
        for v in points:
            svg.circle(origin + scale * float(v), yy, 3.4, fill=color, opacity=0.45)
        m = origin + scale * float(points.mean())
        svg.line(m, yy - 13, m, yy + 13, width=3, opacity=1)
    svg.text(580, base + 26, "沿「真」方向的投影", size=17)
    return svg.render()
