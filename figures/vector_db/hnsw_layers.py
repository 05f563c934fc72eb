"""A small HNSW index in the plane: its layers, and the path of one query from the top to the bottom."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.vector_db.evaluate import Array, Ints, normalise
from labs.vector_db.hnsw import HNSW


def scene() -> tuple[HNSW, Array]:
    """An index with three layers over points on a patch of the sphere, and a query far from the entry."""
    rng = np.random.default_rng(4)
    flat = rng.uniform(-1, 1, (120, 2)) * [1.0, 0.42]  # (n, 2)
    x = normalise(np.column_stack([flat, np.full(120, 1.6)]))  # (n, 3): unit length, as the index wants
    index = HNSW(x, m=5, ef_construction=20, seed=8)
    start = index.x[index.entry]
    corner = np.array([-0.86 if start[0] > 0 else 0.86, -0.3 if start[1] > 0 else 0.3, 1.6])
    return index, normalise(corner[None])[0]


def greedy(index: HNSW, q: Array, node: int, layer: int) -> list[int]:
    """Nodes that a greedy walk visits on a layer."""
    path, distance = [node], 2 - 2 * float(index.x[node] @ q)
    while True:
        around = np.array(index.links[layer][path[-1]], dtype=np.int64)
        if not len(around):
            return path
        d: Array = 2 - 2 * (index.x[around] @ q)  # (links,)
        if d.min() >= distance:
            return path
        distance = float(d.min())
        path.append(int(around[d.argmin()]))


def draw() -> str:
    """Three slanted planes, the sparsest on top."""
    index, q = scene()
    svg = Svg(720, 430, "HNSW 的分层搜索路径")
    tops = {2: 10.0, 1: 150.0, 0: 290.0}

    def at(v: Array, layer: int) -> tuple[float, float]:
        px, py = float(v[0] / v[2] * 1.6), float(v[1] / v[2] * 1.6) / 0.42  # back to the plane, −1 to 1
        return 350 + 255 * px - 45 * py, tops[layer] + 62 + 52 * py

    spots: Ints = np.arange(len(index.x))
    for layer, top in tops.items():
        around = ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
        corners = [(350.0 + 275 * a - 50 * b, top + 62.0 + 60 * b) for a, b in around]
        svg.polyline(corners, stroke=INK, width=0.8)
        svg.text(716, top + 68, f"第 {layer} 层", anchor="end", size=16)
        if layer < len(index.links):
            for i, links in index.links[layer].items():
                for j in links:
                    svg.line(*at(index.x[i], layer), *at(index.x[j], layer), opacity=0.16 if layer == 0 else 0.3)
            for i in spots[[int(i) in index.links[layer] for i in spots]].tolist():
                svg.circle(*at(index.x[i], layer), 3.2, fill=INK, opacity=0.6)
    node = index.entry
    for layer in (2, 1, 0):
        path = greedy(index, q, node, layer)
        if layer < 2:
            svg.line(*at(index.x[node], layer + 1), *at(index.x[node], layer), stroke=ACCENT, width=1.6, dash="5 5")
        svg.polyline([at(index.x[i], layer) for i in path], stroke=ACCENT, width=3)
        for i in path:
            svg.circle(*at(index.x[i], layer), 5, fill=ACCENT)
        node = path[-1]
    qx, qy = at(q, 0)
    svg.circle(qx, qy, 7, fill=ACCENT2)
    svg.text(qx + 34, qy + 26, "查询", size=16, fill=ACCENT2, bold=True)
    ex, ey = at(index.x[index.entry], 2)
    svg.text(ex - 8, ey + 22, "入口", anchor="end", size=16, fill=ACCENT, bold=True)
    return svg.render()
