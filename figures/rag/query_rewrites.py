"""Recall@5 of the ways to change a query, from the lab."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.rag.query_transform import rewriting

ROWS = [
    ("BM25", "BM25 原问题", INK),
    ("BM25, RRF of three", "三路 RRF", ACCENT),
    ("BM25, three as one query", "三段拼接", ACCENT),
    ("LSA", "LSA 原问题", INK),
    ("LSA, HyDE", "HyDE", ACCENT2),
]


def draw() -> str:
    """Solid: in the first five; pale marker: first."""
    svg = Svg(680, 320, "改写与 HyDE 让正确页面更靠前")
    table, left, right = rewriting(), 170.0, 590.0
    for row, (way, name, color) in enumerate(ROWS):
        y = 24 + row * 50
        five, first = table[way]["R@5"], table[way]["R@1"]
        svg.text(left - 12, y + 24, name, anchor="end", size=19)
        svg.rect(left, y, (right - left) * five, 34, fill=color, opacity=0.25, stroke_opacity=0.3)
        svg.rect(left, y, (right - left) * first, 34, fill=color, opacity=0.3, stroke_opacity=0.3)
        svg.text(left + (right - left) * five + 10, y + 24, f"{five:.0%}", anchor="start", size=19, bold=True)
        svg.text(left + (right - left) * first - 10, y + 24, f"{first:.0%}", anchor="end", size=18)
    svg.text(left, 300, "深：排第一　浅：进前五（31 道题）", anchor="start", size=18)
    return svg.render()
