"""Where 338 questions lose their page: a bar split by the verdict of the diagnosis."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.rag.diagnosis import diagnose, shares
from labs.rag.experiment import dense, gold_ranks, reranked, sparse
from labs.rag.fusion import rrf


def draw() -> str:
    """One bar before reranking and one after; what is not delivered is split into ranking and recall."""
    svg = Svg(700, 236, "未命中的归因")
    left, width = 120.0, 560.0
    first = gold_ranks(rrf([sparse(), dense()]))
    rows = [("不重排", first), ("重排", gold_ranks(reranked(30)))]
    kinds = [("delivered", "进了前 5", ACCENT, 0.75), ("ranking", "排序", ACCENT2, 0.55), ("recall", "召回", INK, 0.3)]
    for row, (name, final) in enumerate(rows):
        found = shares([diagnose(True, int(a), int(b), 5, 30) for a, b in zip(first, final, strict=True)])
        y, x = 20.0 + row * 76, left
        svg.text(left - 14, y + 34, name, anchor="end", size=20, bold=True)
        for kind, _, color, opacity in kinds:
            w = width * found[kind]
            svg.rect(x, y, w, 52, fill=color, opacity=opacity, stroke_opacity=0.3)
            svg.text(x + w / 2, y + 33, f"{found[kind]:.0%}", size=19)
            x += w
    x = left
    for _, text, color, opacity in kinds:
        svg.rect(x, 188, 20, 20, fill=color, opacity=opacity)
        svg.text(x + 30, 205, text, anchor="start", size=19)
        x += 160
    return svg.render()
