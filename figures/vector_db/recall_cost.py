"""Recall@10 against distance computations, one curve an index, all on the same vectors."""

from __future__ import annotations

from dataclasses import dataclass
from math import log10

import numpy as np

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.vector_db import evaluate, pq
from labs.vector_db.hnsw import shared_index
from labs.vector_db.ivf import IVF
from labs.vector_db.lsh import LSH
from labs.vector_db.projection import gaussian, search_low


@dataclass(frozen=True)
class Plot:
    """A plotting area with a logarithmic or linear x axis and y from `low` to `high`."""

    left: float
    right: float
    top: float
    bottom: float
    first: float
    last: float
    low: float = 0.0
    high: float = 1.0
    log: bool = True

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a point goes."""
        a, b, v = (log10(t) if self.log else t for t in (self.first, self.last, x))
        share = (y - self.low) / (self.high - self.low)
        return self.left + (self.right - self.left) * (v - a) / (b - a), self.bottom - (self.bottom - self.top) * share

    def grid(self, svg: Svg, xs: dict[float, str], ys: dict[float, str], x_name: str) -> None:
        """Horizontal lines with labels, labels below, and the name of the x axis."""
        for value, label in ys.items():
            y = self.at(self.first, value)[1]
            svg.line(self.left, y, self.right, y, opacity=0.2)
            svg.text(self.left - 8, y + 6, label, anchor="end", size=17)
        for value, label in xs.items():
            svg.text(self.at(value, self.low)[0], self.bottom + 26, label, size=17)
        svg.text((self.left + self.right) / 2, self.bottom + 54, x_name, size=18)

    def curve(self, svg: Svg, points: list[tuple[float, float]], color: str, dash: str = "", dots: bool = True) -> None:
        """A line through the points, with a dot at each."""
        spots = [self.at(x, y) for x, y in points]
        svg.polyline(spots, stroke=color, width=2.5, dash=dash)
        for x, y in spots if dots else []:
            svg.circle(x, y, 4, fill=color)


def draw() -> str:
    """HNSW, IVF, PQ with re-ranking, LSH, random projection with re-ranking, and brute force."""
    svg = Svg(740, 400, "五种索引的召回与距离计算次数")
    plot = Plot(74, 716, 26, 320, 80, 2100, low=0.4)
    plot.grid(
        svg,
        {100: "100", 200: "200", 500: "500", 1000: "1000", 2000: "2000"},
        {0.4: "40%", 0.6: "60%", 0.8: "80%", 1.0: "100%"},
        "每个查询的距离计算次数（对数）",
    )
    x, _ = evaluate.shared()

    def points(results: list[tuple[float, float]]) -> list[tuple[float, float]]:
        return [(cost, recall) for recall, cost in results]

    graph, inverted = shared_index(), IVF(x, 32)
    hnsw = [evaluate.measure(lambda q, ef=ef: graph.search(q, 10, ef)) for ef in (10, 14, 20, 40, 80)]  # type: ignore[misc]
    ivf = [evaluate.measure(lambda q, p=p: inverted.search(q, p)) for p in (1, 2, 4, 8, 16)]  # type: ignore[misc]
    books = pq.train(x, 8)
    codes = pq.encode(x, books)
    coded = [evaluate.measure(lambda q, r=r: pq.search(codes, books, x, q, r)) for r in (10, 20, 40, 80, 160)]  # type: ignore[misc]
    hashed = [evaluate.measure(LSH(x, 8, tables).search) for tables in (4, 8, 16, 32)]
    g = gaussian(x.shape[1], 32, np.random.default_rng(0))
    low = x @ g
    projected = [evaluate.measure(lambda q, r=r: search_low(low, q @ g, x, q, r)) for r in (10, 20, 40, 100)]  # type: ignore[misc]
    plot.curve(svg, points(hashed), INK, "2 5")
    plot.curve(svg, points(projected), INK, "8 5")
    plot.curve(svg, points(coded), INK)
    plot.curve(svg, points(ivf), ACCENT2)
    plot.curve(svg, points(hnsw), ACCENT)
    svg.circle(*plot.at(len(x), 1.0), 7, fill=INK)
    svg.text(plot.at(len(x), 1)[0] + 4, plot.at(1, 0.93)[1], "暴力", anchor="end", size=17)
    svg.text(*plot.at(82, 0.885), "HNSW", anchor="start", size=18, fill=ACCENT, bold=True)
    svg.text(*plot.at(138, 0.725), "IVF", anchor="start", size=18, fill=ACCENT2, bold=True)
    svg.text(*plot.at(292, 0.6), "PQ+重排", anchor="start", size=17)
    svg.text(*plot.at(148, 0.47), "LSH", anchor="start", size=17)
    svg.text(*plot.at(1000, 0.62), "随机投影+重排", anchor="end", size=17)
    return svg.render()
