"""Probabilities of three responses while DPO trains on one pair of them, alike or apart."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.alignment.displacement import ALIKE, APART, HIDDEN, train

STEPS = 100


def draw() -> str:
    """Left: both of the pair fall and the third rises; right: the chosen one rises."""
    svg = Svg(740, 340, "DPO 训练中三个回答的概率：相似的一对都下降，第三者上升；不相似的一对正常")
    for panel, (rows, title) in enumerate([(ALIKE, "两条回答相似"), (APART, "两条回答不相似")]):
        left, right, top, base = 60.0 + 365 * panel, 345.0 + 365 * panel, 56.0, 262.0

        def at(step: float, p: float, box: tuple[float, ...] = (left, right, top, base)) -> tuple[float, float]:
            return box[0] + (box[1] - box[0]) * step / STEPS, box[3] - (box[3] - box[2]) * p

        svg.text((left + right) / 2, 30, title, size=20, bold=True)
        svg.line(left, base, right, base)
        svg.line(left, base, left, top)
        for p in (0.0, 0.5, 1.0):
            svg.text(left - 8, at(0, p)[1] + 6, f"{p:.1f}", anchor="end", size=17)
        for step in (0, 50, 100):
            svg.text(at(step, 0)[0], base + 24, str(step), size=17)
        svg.text((left + right) / 2, base + 54, "训练步", size=18)
        path = train(rows, HIDDEN, 0, 1, steps=STEPS)
        for y, (color, dash) in enumerate([(ACCENT, ""), (ACCENT2, "8 5"), (INK, "2 5")]):
            svg.polyline([at(i, float(p)) for i, p in enumerate(path[:, y])], stroke=color, width=3, dash=dash)
        if panel == 0:
            svg.text(*at(62, 0.26), "选中", size=18, fill=ACCENT, anchor="start")
            svg.text(*at(24, 0.1), "落选", size=18, fill=ACCENT2)
            svg.text(*at(60, 0.86), "第三者", size=18, anchor="end")
        else:
            svg.text(*at(50, 0.88), "选中", size=18, fill=ACCENT)
            svg.text(*at(12, 0.24), "落选", size=18, fill=ACCENT2, anchor="start")
    return svg.render()
