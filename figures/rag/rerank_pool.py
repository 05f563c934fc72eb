"""What the second stage can still find: recall of the first stage, and nDCG after reranking, by pool size."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.rag.experiment import dense, gold_ranks, reranked, sparse
from labs.rag.fusion import rrf
from labs.rag.metrics import summarise

POOLS = (1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 92)


def draw() -> str:
    """Both curves on a logarithmic axis of pool sizes."""
    svg = Svg(700, 330, "候选数、召回率与重排后的 nDCG")
    left, top, width, height = 76.0, 20.0, 430.0, 240.0
    first = gold_ranks(rrf([sparse(), dense()]))

    def at(pool: int, value: float) -> tuple[float, float]:
        return left + width * float(np.log(pool) / np.log(92)), top + height * (1 - (value - 0.3) / 0.7)

    for level in (0.4, 0.6, 0.8, 1.0):
        y = at(1, level)[1]
        svg.line(left, y, left + width, y, opacity=0.2)
        svg.text(left - 10, y + 6, f"{level:.1f}", anchor="end", size=17)
    for pool in (1, 3, 10, 30, 92):
        svg.text(at(pool, 0.3)[0], top + height + 24, str(pool), size=17)
    svg.text(left + width / 2, top + height + 54, "第一阶段留下的候选数 K", size=18)
    recall = [at(k, float((first <= k).mean())) for k in POOLS]
    after = [at(k, summarise(gold_ranks(reranked(k)))["nDCG@10"]) for k in POOLS]
    base = at(92, summarise(first)["nDCG@10"])[1]
    svg.polyline(recall, stroke=ACCENT2)
    svg.polyline(after, stroke=ACCENT, width=3)
    svg.line(left, base, left + width, base, stroke=INK, dash="3 4")
    svg.text(left + width + 8, recall[-1][1] + 10, "Recall@K", anchor="start", size=18, fill=ACCENT2)
    svg.text(left + width + 8, after[-1][1] - 2, "重排后 nDCG@10", anchor="start", size=18, fill=ACCENT)
    svg.text(left + width + 8, base + 22, "不重排 nDCG@10", anchor="start", size=18)
    return svg.render()
