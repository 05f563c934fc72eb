"""Loss of four answers with and without the instruction, and their ratio, from the lab's toy model."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.pretraining.ifd import POOL, ifd, loss, toy


def draw() -> str:
    """Two bars a sample; the mismatched one is the only one whose loss rises with the instruction."""
    svg = Svg(700, 380, "有指令与无指令的答案损失")
    left, scale = 80.0, 105.0
    model = toy()
    for i, (name, (question, answer)) in enumerate(POOL.items()):
        y = 62 + 80 * i
        svg.text(left - 14, y + 32, name, anchor="end", size=19, bold=True)
        for j, (value, color) in enumerate([(loss(model, answer, question), ACCENT), (loss(model, answer), INK)]):
            svg.rect(left, y + 26 * j, scale * value, 22, fill=color, opacity=0.75 if j == 0 else 0.3, stroke="none")
            svg.text(left + scale * value + 8, y + 26 * j + 17, f"{value:.2f}", anchor="start", size=17)
        score = ifd(model, question, answer)
        color = ACCENT2 if score > 1 else INK
        svg.text(690, y + 32, f"{score:.2f}", anchor="end", size=21, fill=color, bold=score > 1)
    svg.text(690, 34, "比值 IFD", anchor="end", size=18)
    svg.rect(left, 18, 20, 20, fill=ACCENT, opacity=0.75, stroke="none")
    svg.text(left + 28, 35, "有指令", anchor="start", size=18)
    svg.rect(left + 110, 18, 20, 20, fill=INK, opacity=0.3, stroke="none")
    svg.text(left + 138, 35, "无指令", anchor="start", size=18)
    return svg.render()
