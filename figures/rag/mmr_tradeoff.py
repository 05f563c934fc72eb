"""MMR on the corpus: how alike the five picked passages are, and how often the right one is among them, by λ."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.rag.experiment import dense, encoder, split
from labs.rag.mmr import mmr, redundancy

LAMBDAS = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3)


def draw() -> str:
    """Two curves over falling λ."""
    svg = Svg(700, 320, "MMR 的取舍")
    left, top, width, height = 76.0, 20.0, 440.0, 230.0
    _, x = encoder()
    similarity, relevance, gold = x @ x.T, dense(), split()[2]

    def at(lam: float, value: float) -> tuple[float, float]:
        return left + width * (1 - lam) / 0.7, top + height * (1 - value / 0.8)

    for level in (0.0, 0.2, 0.4, 0.6, 0.8):
        y = at(1, level)[1]
        svg.line(left, y, left + width, y, opacity=0.2)
        svg.text(left - 10, y + 6, f"{level:.1f}", anchor="end", size=17)
    hits, alike = [], []
    for lam in LAMBDAS:
        picked = [mmr(row, similarity, 5, lam) for row in relevance]
        hits.append(at(lam, float(np.mean([g in p for g, p in zip(gold, picked, strict=True)]))))
        alike.append(at(lam, float(np.mean([redundancy(p, similarity) for p in picked]))))
        if round(10 * lam) % 2 == 0 or lam == 0.3:
            svg.text(at(lam, 0)[0], top + height + 24, f"{lam:.1f}", size=17)
    svg.text(left + width / 2, top + height + 52, "λ（越往右越重多样）", size=18)
    svg.polyline(hits, stroke=ACCENT, width=3)
    svg.polyline(alike, stroke=ACCENT2, width=3)
    svg.text(left + width + 8, hits[-1][1] + 6, "命中率@5", anchor="start", size=18, fill=ACCENT)
    svg.text(left + width + 8, alike[-1][1] - 4, "五条的平均相似度", anchor="start", size=18, fill=ACCENT2)
    return svg.render()
