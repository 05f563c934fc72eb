"""From scores to weights: one sentence, one head of the lab; every row of weights sums to 1."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.attention.same_word import PHONE, Head
from labs.attention.scaled_dot_product import Array, scores

CELL = 56.0


def draw() -> str:
    svg = Svg(720, 376, "左：一句话的得分矩阵，有正有负；右：按行 softmax 之后的权重矩阵，每行之和为 1")
    head = Head(seed=4)
    x = head.embed(PHONE, positions=False)
    s, p = scores(x @ head.w_q, x @ head.w_k), head.weights(PHONE)
    table(svg, 90, "得分 S（可正可负）", s, s / abs(s).max())
    table(svg, 460, "权重 P（每行和为 1）", p, p)
    for i, word in enumerate(PHONE):
        svg.text(80, 106 + CELL * (i + 0.5), word, size=18, anchor="end")
    svg.line(330, 212, 440, 212, width=2, arrow=True)
    svg.text(385, 196, "softmax", size=18)
    svg.text(385, 238, "按行", size=18)
    svg.text(20, 358, "行 = 查询（谁在看），列 = 键（看谁）", size=18, anchor="start")
    return svg.render()


def table(svg: Svg, left: float, title: str, values: Array, shade: Array) -> None:
    """A matrix with its numbers; the first accent fills positive entries, the second negative ones."""
    svg.text(left + 2 * CELL, 36, title, size=18, bold=True)
    for j, word in enumerate(PHONE):
        svg.text(left + CELL * (j + 0.5), 84, word, size=18)
    for i, row in enumerate(values):
        for j, value in enumerate(row):
            x, y, strength = left + CELL * j, 100 + CELL * i, float(shade[i, j])
            color = ACCENT if strength >= 0 else ACCENT2
            svg.rect(x, y, CELL, CELL, fill=color, opacity=round(0.85 * abs(strength), 2), stroke_opacity=0.3)
            svg.text(x + CELL / 2, y + CELL / 2 + 6, f"{value:.2f}".replace("-", "−"), size=17)
