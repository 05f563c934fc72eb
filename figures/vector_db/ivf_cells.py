"""Cells of k-means in the plane: a query near a border, the cell that is read, and the neighbours that are missed."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.vector_db.evaluate import Array
from labs.vector_db.ivf import kmeans, squared_distances


def scene() -> tuple[Array, Array, Array]:
    """Points (n, 2) and centres (8, 2) in the unit square, and the query (2,) with most neighbours across a border."""
    rng = np.random.default_rng(3)
    x = rng.random((150, 2)) * [1, 0.55]
    centres = kmeans(x, 8, seed=1)
    tries = rng.random((300, 2)) * [0.6, 0.31] + [0.2, 0.12]  # (300, 2): keep away from the frame
    cell = squared_distances(x, centres).argmin(1)  # (n,)
    near = squared_distances(tries, x).argsort(1)[:, :6]  # (300, 6)
    home = squared_distances(tries, centres).argmin(1)  # (300,)
    missed = (cell[near] != home[:, None]).sum(1)  # (300,)
    return x, centres, tries[int((missed == 3).argmax())]


def border(a: Array, b: Array, others: Array) -> tuple[Array, Array] | None:
    """The part of the bisector of `a` and `b` (2,) inside the frame that no other centre (m, 2) is closer to."""
    middle, along = (a + b) / 2, np.array([a[1] - b[1], b[0] - a[0]])  # points middle + t·along
    low, high = -9.0, 9.0
    # Every condition is linear in t: rate·t ≤ room.
    frame = [(along[0], 1 - middle[0]), (-along[0], middle[0]), (along[1], 0.55 - middle[1]), (-along[1], middle[1])]
    nearer = [(2 * along @ (c - a), ((c - middle) ** 2).sum() - ((a - middle) ** 2).sum()) for c in others]
    for rate, room in frame + nearer:
        if rate > 0:
            high = min(high, room / rate)
        elif rate < 0:
            low = max(low, room / rate)
    return (middle + low * along, middle + high * along) if low < high else None


def draw() -> str:
    """The read cell is tinted; found neighbours are blue, missed ones orange."""
    x, centres, query = scene()
    svg = Svg(700, 400, "IVF 的格：查询靠近边界时，隔壁格里的近邻会漏掉")

    def at(p: Array) -> tuple[float, float]:
        return 24 + 652 * float(p[0]), 16 + 590 * float(p[1])

    cell = squared_distances(x, centres).argmin(1)
    home = int(squared_distances(query[None], centres).argmin())
    step, rows = 0.005, np.linspace(0, 0.55, 221)  # (221,)
    for gx in np.arange(0, 1, step):
        column = np.column_stack([np.full(221, gx + step / 2), rows])  # (221, 2)
        inside = rows[squared_distances(column, centres).argmin(1) == home]
        if len(inside):  # a cell is convex: one run a column
            (left, top), (_, low) = at(np.array([gx, inside[0]])), at(np.array([gx, inside[-1]]))
            svg.rect(left, top, 652 * step + 0.2, low - top, fill=ACCENT, opacity=0.16, stroke="none")
    for i, j in combinations(range(len(centres)), 2):
        ends = border(centres[i], centres[j], np.delete(centres, [i, j], axis=0))
        if ends is not None:
            svg.line(*at(ends[0]), *at(ends[1]), opacity=0.5, width=1.4)
    near = squared_distances(query[None], x)[0].argsort()[:6].tolist()
    for i, p in enumerate(x):
        color = (ACCENT if cell[i] == home else ACCENT2) if i in near else INK
        svg.circle(*at(p), 7 if i in near else 3.5, fill=color, opacity=1 if i in near else 0.45)
    qx, qy = at(query)
    svg.line(qx - 9, qy, qx + 9, qy, width=3, opacity=1)
    svg.line(qx, qy - 9, qx, qy + 9, width=3, opacity=1)
    svg.circle(34, 382, 7, fill=ACCENT)
    svg.text(48, 388, "读到的近邻", anchor="start", size=17)
    svg.circle(190, 382, 7, fill=ACCENT2)
    svg.text(204, 388, "漏掉的近邻", anchor="start", size=17)
    svg.text(350, 388, "＋ 查询", anchor="start", size=17)
    svg.rect(450, 372, 26, 18, fill=ACCENT, opacity=0.16, stroke="none")
    svg.text(484, 388, "读的那一格", anchor="start", size=17)
    return svg.render()
