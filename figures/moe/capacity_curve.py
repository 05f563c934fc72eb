"""Dropped assignments and padding against the capacity factor, for a skewed and an even router."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.moe.balance import skewed_router, tokens
from labs.moe.capacity import capacity, drop_and_padding
from labs.moe.layer import top_k

FACTORS = np.linspace(1, 2.5, 31)
LEFT, WIDE, TOP, HIGH = 64.0, 420.0, 30.0, 250.0


def draw() -> str:
    """Two pairs of curves over the capacity factor."""
    svg = Svg(680, 370, "容量因子变大，丢弃下降，填充上升；路由偏斜时两者都更糟")
    rng = np.random.default_rng(0)
    w, x = skewed_router(16, 8, rng), tokens(4096, 16, rng)
    even = rng.standard_normal((4096, 8))
    for share in (0, 0.2, 0.4, 0.6):
        y = TOP + HIGH * (1 - share / 0.65)
        svg.line(LEFT, y, LEFT + WIDE, y, opacity=0.15 if share else 0.7)
        svg.text(LEFT - 8, y + 5, f"{share:.0%}", size=16, anchor="end")
    for factor in (1, 1.5, 2, 2.5):
        svg.text(LEFT + WIDE * (factor - 1) / 1.5, TOP + HIGH + 24, f"{factor:g}", size=16)
    svg.text(LEFT + WIDE / 2, TOP + HIGH + 54, "容量因子", size=17)
    for logits, color, label in ((x @ w, ACCENT2, "偏斜"), (even, ACCENT, "均匀")):
        counts = np.bincount(top_k(logits, 2).ravel(), minlength=8)
        rows = [drop_and_padding(counts, capacity(4096, 2, 8, f)) for f in FACTORS.tolist()]
        for index, dash in ((0, ""), (1, "6 5")):
            points = [
                (LEFT + WIDE * (f - 1) / 1.5, TOP + HIGH * (1 - r[index] / 0.65))
                for f, r in zip(FACTORS.tolist(), rows, strict=True)
            ]
            svg.polyline(points, stroke=color, width=2.5, dash=dash)
        y0 = 80.0 if label == "偏斜" else 190.0
        svg.text(510, y0, f"{label}的路由", size=18, anchor="start", bold=True)
        for j, (text, dash) in enumerate((("丢弃", ""), ("填充", "6 5"))):
            svg.line(510, y0 + 24 + 28 * j, 556, y0 + 24 + 28 * j, stroke=color, width=3, opacity=1, dash=dash)
            svg.text(566, y0 + 30 + 28 * j, text, size=17, anchor="start")
    return svg.render()
