"""How often the scores are read by safe softmax, online softmax and one-pass attention."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg

ROWS = (
    ("安全 softmax", ("求最大值 m", "求分母 ℓ", "算输出")),
    ("在线 softmax", ("m 与 ℓ 一起求", "算输出")),
    ("单遍注意力", ("m、ℓ、o 一起更新",)),
)
"""Name of each method and what each of its passes over the scores does."""


def draw() -> str:
    """One row of arrows for each method; an arrow is one pass over all the scores."""
    svg = Svg(700, 290, "遍历次数：安全 softmax 三遍，在线 softmax 两遍，单遍注意力一遍")
    for i, (name, passes) in enumerate(ROWS):
        y = 62 + i * 88
        color = ACCENT if i == len(ROWS) - 1 else "currentColor"
        svg.text(14, y + 5, name, size=16, anchor="start", bold=True)
        for j, what in enumerate(passes):
            x = 146 + j * 184
            svg.text(x + 80, y - 20, what, size=15)
            for cell in range(8):
                svg.rect(x + cell * 20, y - 10, 20, 20, fill=color, opacity=0.12, stroke_opacity=0.3)
            svg.line(x, y + 22, x + 160, y + 22, stroke=ACCENT2, width=2, opacity=1, arrow=True)
    return svg.render()
