"""Recall@10 without re-ranking against bytes per vector, for every way to make a vector shorter."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, INK, Svg
from figures.vector_db.recall_cost import Plot
from labs.vector_db import evaluate, fewer_bits, memory, pq
from labs.vector_db.projection import gaussian, pca, search_low


def draw() -> str:
    """PQ, PCA and random projection as curves; float16, int8 and signs as points."""
    svg = Svg(720, 390, "每个向量的字节数与 recall@10")
    plot = Plot(74, 696, 26, 310, 3.6, 290)
    plot.grid(
        svg,
        {4: "4", 8: "8", 16: "16", 32: "32", 64: "64", 128: "128", 256: "256"},
        {0.0: "0", 0.5: "50%", 1.0: "100%"},
        "每个向量的字节数（对数）",
    )
    x, _ = evaluate.shared()
    d = x.shape[1]
    coded, spread, guessed = [], [], []
    for m in (8, 16, 32):
        books = pq.train(x, m)
        codes = pq.encode(x, books)
        found = evaluate.measure(lambda q, c=codes, b=books: pq.search(c, b, x, q))[0]  # type: ignore[misc]
        coded.append((memory.product_code(m, 16), found))
    for p in (4, 8, 16, 32):
        mean, axes = pca(x, p)
        low, g = (x - mean) @ axes, gaussian(d, p, np.random.default_rng(0))
        dense = evaluate.measure(lambda q, w=low, a=axes, m=mean: search_low(w, (q - m) @ a, x, q, 10))[0]  # type: ignore[misc]
        random = evaluate.measure(lambda q, r=g: search_low(x @ r, q @ r, x, q, 10))[0]  # type: ignore[misc]
        spread.append((memory.flat(p), dense))
        guessed.append((memory.flat(p), random))
    plot.curve(svg, guessed, INK, "2 5")
    plot.curve(svg, spread, ACCENT2)
    plot.curve(svg, coded, ACCENT)
    bits = fewer_bits.to_bits(x)
    signs = evaluate.measure(lambda q: (fewer_bits.hamming(bits, fewer_bits.to_bits(q)).argsort(kind="stable")[:10], 0))
    bytes_ = fewer_bits.from_int8(*fewer_bits.to_int8(x))
    halves = x.astype(np.float16).astype(np.float64)
    for size, found, label, anchor, dx, dy in (
        (memory.flat(d, 1), signs[0], "符号", "start", 10, 18),
        (memory.flat(d, 8), evaluate.measure(lambda q: (evaluate.nearest(bytes_, q), 0))[0], "INT8", "end", -10, 22),
        (memory.flat(d, 16), evaluate.measure(lambda q: (evaluate.nearest(halves, q), 0))[0], "FP16", "middle", 0, 28),
        (memory.flat(d), 1.0, "FP32", "end", 12, 28),
    ):
        sx, sy = plot.at(size, found)
        svg.circle(sx, sy, 6, fill=INK)
        svg.text(sx + dx, sy + dy, label, anchor=anchor, size=17)
    svg.text(*plot.at(5.4, 0.66), "PQ", anchor="end", size=19, fill=ACCENT, bold=True)
    svg.text(*plot.at(46, 0.72), "PCA", anchor="end", size=18, fill=ACCENT2, bold=True)
    svg.text(*plot.at(70, 0.27), "随机投影", anchor="start", size=17)
    return svg.render()
