"""One word, two sentences: whom it looks at, as bars."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.attention.same_word import PHONE, SWEET, Head

LONG = 420.0


def draw() -> str:
    svg = Svg(640, 400, "「苹果」在两个句子里的注意力权重：同一个查询向量，分配到的权重不同")
    head = Head(seed=4)
    y = 32.0
    for sentence, color in ((SWEET, ACCENT), (PHONE, ACCENT2)):
        svg.text(20, y, f"「{''.join(sentence)}」中的「苹果」看谁", size=19, anchor="start", bold=True)
        for word, weight in zip(sentence, head.weights(sentence)[0], strict=True):
            y += 40
            svg.text(120, y, word, size=18, anchor="end")
            svg.rect(136, y - 20, LONG * float(weight) / 0.6, 26, fill=color, opacity=0.75, stroke=color)
            svg.text(146 + LONG * float(weight) / 0.6, y, f"{weight:.2f}", size=18, anchor="start")
        y += 56
    return svg.render()
