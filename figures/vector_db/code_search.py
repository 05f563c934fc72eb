"""Finding a function by its identifier and by its topic, against the number of dimensions of the vectors."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from figures.vector_db.recall_cost import Plot
from labs.vector_db.code_search import compare


def draw() -> str:
    """Two curves for the vectors, two dashed lines for BM25."""
    svg = Svg(700, 370, "向量维数与两种查询的命中率")
    plot = Plot(74, 670, 30, 290, 3.6, 40)
    ranks = (4, 6, 8, 12, 24, 36)
    plot.grid(svg, {r: str(r) for r in ranks}, {0.0: "0", 0.5: "50%", 1.0: "100%"}, "LSA 向量的维数（对数）")
    results = {r: compare(r) for r in ranks}
    for i, color in ((0, ACCENT2), (1, ACCENT)):
        plot.curve(svg, [(r, results[r]["dense"][i]) for r in ranks], color)
        level = results[4]["bm25"][i]
        plot.curve(svg, [(3.6, level), (40, level)], color, "6 5", dots=False)
    svg.text(*plot.at(9.5, 0.28), "按标识符", anchor="start", size=18, fill=ACCENT2, bold=True)
    svg.text(*plot.at(13, 0.76), "按主题", anchor="start", size=18, fill=ACCENT, bold=True)
    svg.text(*plot.at(39, 0.515), "BM25 按主题", anchor="end", size=17, fill=ACCENT)
    svg.text(*plot.at(3.7, 1.04), "BM25 按标识符", anchor="start", size=17, fill=ACCENT2)
    return svg.render()
