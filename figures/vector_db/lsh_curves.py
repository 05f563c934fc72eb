"""Chance to share a bucket against the angle, by the formula and measured, for three choices of k and L."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, INK, Svg
from figures.vector_db.recall_cost import Plot
from labs.vector_db.lsh import collision, hit


def frequency(degrees: float, k: int, tables: int, seed: int = 0) -> float:
    """Share of random index draws in which two vectors at this angle meet."""
    pairs = max(40_000 // tables, 800)
    planes = np.random.default_rng(seed).standard_normal((pairs, tables, k, 2))  # their plane is all that matters
    a, b = np.array([1.0, 0.0]), np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
    same = (planes @ a > 0) == (planes @ b > 0)  # (pairs, L, k)
    return float(same.all(axis=2).any(axis=1).mean())


def draw() -> str:
    """Curves by the formula, dots by simulation."""
    svg = Svg(700, 350, "随机超平面哈希：夹角与撞上的概率")
    plot = Plot(74, 670, 24, 280, 0, 120, log=False)
    plot.grid(
        svg,
        {0: "0°", 30: "30°", 60: "60°", 90: "90°", 120: "120°"},
        {0.0: "0", 0.5: "50%", 1.0: "100%"},
        "两个向量的夹角",
    )
    angles = np.linspace(0, 120, 121)
    for (k, tables), color, dash in (((1, 1), INK, "4 5"), ((8, 16), ACCENT2, ""), ((16, 256), ACCENT, "")):
        p = hit(collision(np.radians(angles)), k, tables)
        plot.curve(svg, [(float(a), float(b)) for a, b in zip(angles, p, strict=True)], color, dash, dots=False)
        for degrees in (15.0, 30.0, 45.0, 60.0, 75.0, 90.0):
            svg.circle(*plot.at(degrees, frequency(degrees, k, tables)), 4.5, fill=color)
    svg.text(*plot.at(93, 0.56), "1 位×1 表", anchor="start", size=17)
    svg.text(*plot.at(13, 0.62), "16 位×256 表", anchor="start", size=17, fill=ACCENT, bold=True)
    svg.text(*plot.at(78, 0.2), "8 位×16 表", anchor="start", size=17, fill=ACCENT2, bold=True)
    return svg.render()
