"""Recall of four ways to filter against the share of vectors that pass."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, INK, Svg
from figures.vector_db.recall_cost import Plot
from labs.vector_db import filtering
from labs.vector_db.hnsw import shared_index

SHARES = (1.0, 0.5, 0.2, 0.1, 0.05, 0.01)


def draw() -> str:
    """Through the graph, after the search (40 and 100 fetched), and with the others cut out of the graph."""
    svg = Svg(720, 380, "通过率与召回：四种过滤办法")
    plot = Plot(74, 696, 26, 300, 1.15, 0.0085)
    plot.grid(
        svg,
        {1.0: "100%", 0.5: "50%", 0.2: "20%", 0.1: "10%", 0.05: "5%", 0.02: "2%", 0.01: "1%"},
        {0.0: "0", 0.5: "50%", 1.0: "100%"},
        "满足条件的比例（对数，越往右越苛刻）",
    )
    index = shared_index()
    ways: list[tuple[filtering.Search, str, str]] = [
        (lambda a, q: filtering.in_graph(index, a, q, 20, through=False), INK, "2 5"),
        (lambda a, q: filtering.post_filter(index, a, q, 40), INK, ""),
        (lambda a, q: filtering.post_filter(index, a, q, 100), ACCENT2, ""),
        (lambda a, q: filtering.in_graph(index, a, q, 20), ACCENT, ""),
    ]
    for way, color, dash in ways:
        results = [filtering.measure(way, filtering.random_condition(len(index.x), share))[0] for share in SHARES]
        plot.curve(svg, list(zip(SHARES, results, strict=True)), color, dash)
    svg.text(*plot.at(0.03, 0.9), "图内穿行", size=18, fill=ACCENT, bold=True)
    svg.text(*plot.at(0.054, 0.64), "后置，取 100", anchor="start", size=17, fill=ACCENT2, bold=True)
    svg.text(*plot.at(0.087, 0.43), "后置，取 40", anchor="start", size=17)
    svg.text(*plot.at(0.25, 0.3), "从图里剔除", anchor="end", size=17)
    return svg.render()
