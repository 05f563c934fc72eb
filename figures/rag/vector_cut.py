"""nDCG@10 of vectors cut to their first dimensions: ordered by an SVD, and the same vectors after a rotation."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.rag.experiment import encoder, gold_ranks, split
from labs.rag.matryoshka import cut_scores, rotation
from labs.rag.metrics import summarise

DIMS = (4, 8, 12, 16, 24, 32, 40, 48, 64, 80, 92)


def draw() -> str:
    """Two curves that meet at the full width."""
    svg = Svg(700, 320, "截短向量后的检索质量")
    left, top, width, height = 76.0, 20.0, 440.0, 230.0
    model, passages = encoder(92)
    queries = model.encode(split()[1])
    turn = rotation(92)

    def at(dims: int, value: float) -> tuple[float, float]:
        return left + width * dims / 92, top + height * (1 - value / 0.7)

    for level in (0.0, 0.2, 0.4, 0.6):
        y = at(0, level)[1]
        svg.line(left, y, left + width, y, opacity=0.2)
        svg.text(left - 10, y + 6, f"{level:.1f}", anchor="end", size=17)
    for dims in (8, 16, 32, 48, 64, 92):
        svg.text(at(dims, 0)[0], top + height + 24, str(dims), size=17)
    svg.text(left + width / 2, top + height + 52, "保留的维数", size=18)
    labels = [("重要的维在前", ACCENT, -8), ("同一向量旋转后", ACCENT2, 22)]
    pairs = [(queries, passages), (queries @ turn, passages @ turn)]
    for (q, p), (text, color, shift) in zip(pairs, labels, strict=True):
        curve = [at(d, summarise(gold_ranks(cut_scores(q, p, d)))["nDCG@10"]) for d in DIMS]
        svg.polyline(curve, stroke=color, width=3)
        svg.text(left + width + 8, curve[-1][1] + shift, text, anchor="start", size=18, fill=color)
    return svg.render()
