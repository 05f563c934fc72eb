"""The p of factual-nucleus sampling over three sentences, with and without the reset."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.reliability.factual_nucleus import schedule

LENGTHS = (14, 8, 18)


def draw() -> str:
    """A saw that starts again at each sentence and never goes under ω; the wrong reading sinks once and stays."""
    ends = [i == n - 1 for n in LENGTHS for i in range(n)]
    svg = Svg(720, 330, "p 在每个句子里从 0.9 衰减到下限 0.3，下一句重置")
    left, right, top, base = 66.0, 690.0, 40.0, 264.0

    def at(i: float, p: float) -> tuple[float, float]:
        return left + (right - left) * i / (len(ends) - 1), base - (base - top) * p

    svg.line(left, base, right, base)
    svg.line(left, base, left, top)
    for value in (0.0, 0.3, 0.9):
        svg.text(left - 10, at(0, value)[1] + 6, f"{value:.1f}", anchor="end", size=17)
    svg.line(*at(0, 0.3), *at(len(ends) - 1, 0.3), dash="3 6", opacity=0.5)
    whole = schedule(ends, 0.9, 0.9, 0.3, reset=False)
    svg.polyline([at(i, p) for i, p in enumerate(whole)], stroke=ACCENT2, width=3, dash="8 6")
    ps, start = schedule(ends, 0.9, 0.9, 0.3), 0
    for k, n in enumerate(LENGTHS):
        svg.polyline([at(i, ps[i]) for i in range(start, start + n)], stroke=ACCENT, width=3)
        if start:
            x = at(start - 0.5, 0)[0]
            svg.line(x, base, x, top, dash="4 6", opacity=0.5)
        svg.text(at(start + (n - 1) / 2, 0)[0], base + 26, f"第 {k + 1} 句", size=17)
        start += n
    svg.line(150, 20, 190, 20, stroke=ACCENT, width=3, opacity=1)
    svg.text(200, 26, "每句重置", anchor="start", size=18)
    svg.line(330, 20, 370, 20, stroke=ACCENT2, width=3, opacity=1, dash="8 6")
    svg.text(380, 26, "误读：全文只降不升", anchor="start", size=18)
    svg.text((left + right) / 2, base + 54, "token 的位置", size=18)
    return svg.render()
