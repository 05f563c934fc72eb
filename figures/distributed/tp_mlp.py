"""A tensor-parallel MLP on two cards: A by columns, B by rows, one all-reduce at each end."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg


def draw() -> str:
    """Left to right: x on both cards, A_i, GeLU, B_i, the sum."""
    svg = Svg(700, 316, "张量并行的 MLP：A 按列切，B 按行切，中间不通信，出口一次 all-reduce")
    svg.rect(232, 34, 292, 228, stroke_opacity=0.25, rx=8, dash="5 4")
    svg.text(378, 24, "中间不通信", size=18)
    for i, y in enumerate((58.0, 164.0)):
        svg.text(18, y + 46, f"卡 {i}", size=18, anchor="start")
        svg.rect(74, y + 14, 58, 50, rx=3, fill="currentColor", opacity=0.1)
        svg.text(103, y + 46, "x", size=20, italic=True)
        svg.line(134, y + 39, 246, y + 39, arrow=True)
        # A_i keeps the full height (d rows) and half of the columns; B_i half of the rows and the full width.
        svg.rect(248, y, 42, 78, rx=3, fill=ACCENT, opacity=0.45)
        svg.text(269, y + 46, f"A{'₁₂'[i]}", size=19)
        svg.line(292, y + 39, 326, y + 39, arrow=True)
        svg.text(362, y + 46, "GeLU", size=19)
        svg.line(396, y + 39, 428, y + 39, arrow=True)
        svg.rect(430, y + 18, 78, 42, rx=3, fill=ACCENT2, opacity=0.45)
        svg.text(469, y + 46, f"B{'₁₂'[i]}", size=19)
        svg.line(510, y + 39, 572, 150 + (14 if i else -14), arrow=True)
    svg.circle(588, 150, 20, fill=ACCENT, opacity=0.25)
    svg.text(588, 157, "+", size=24, bold=True)
    svg.line(610, 150, 652, 150, arrow=True)
    svg.text(670, 157, "z", size=20, italic=True)
    svg.text(588, 204, "g：前向", size=17)
    svg.text(588, 226, "all-reduce", size=17)
    svg.text(182, 204 - 62, "f：反向", size=17)
    svg.text(182, 226 - 62, "all-reduce", size=17)
    svg.text(269, 292, "按列切", size=18)
    svg.text(469, 292, "按行切", size=18)
    return svg.render()
