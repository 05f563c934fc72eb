"""Cosine with the fruits against cosine with the companies: the static 苹果 and its two contextual vectors."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.tokenization.contextual import COMPANY, EAT, FRUIT, LAUNCH, centre, lookup, vector_in
from labs.tokenization.word2vec import Array, cosine

LEFT, TOP, WIDE, HIGH = 100.0, 24.0, 460.0, 330.0
LOW, UP = 0.4, 0.8


def spot(vector: Array) -> tuple[float, float]:
    """Place of a vector (1, d): to the right with the fruits, up with the companies."""
    fruit, company = (float(cosine(vector, centre(names))[0, 0]) for names in (FRUIT, COMPANY))
    return LEFT + WIDE * (fruit - LOW) / (UP - LOW), TOP + HIGH * (UP - company) / (UP - LOW)


def draw() -> str:
    svg = Svg(700, 428, "静态的苹果与水果、公司一样近；在「我吃苹果」里移向水果，在「苹果发布手机」里移向公司")
    svg.line(LEFT, TOP, LEFT, TOP + HIGH, stroke=INK)
    svg.line(LEFT, TOP + HIGH, LEFT + WIDE, TOP + HIGH, stroke=INK)
    svg.line(LEFT, TOP + HIGH, LEFT + WIDE, TOP, dash="5 6", opacity=0.5)
    svg.text(LEFT + WIDE - 4, TOP + 34, "一样近", size=17, anchor="start", opacity=0.8)
    for i in range(5):
        tick = LOW + 0.1 * i
        x, y = LEFT + WIDE * i / 4, TOP + HIGH * (1 - i / 4)
        svg.line(x, TOP + HIGH, x, TOP + HIGH + 5, stroke=INK)
        svg.text(x, TOP + HIGH + 25, f"{tick:.1f}", size=17)
        svg.line(LEFT - 5, y, LEFT, y, stroke=INK)
        svg.text(LEFT - 10, y + 6, f"{tick:.1f}", size=17, anchor="end")
    svg.text(LEFT + WIDE / 2, TOP + HIGH + 56, "与水果（香蕉、葡萄）的余弦", size=19)
    svg.text(LEFT + 14, TOP + 8, "与公司（华为、三星）的余弦", size=19, anchor="start")
    x, y = spot(lookup(["苹果"])[0])
    for sentence, dx, dy in ((EAT, 0, 30), (LAUNCH, 0, -16)):
        px, py = spot(vector_in(sentence, "苹果"))
        svg.line(x, y, px, py, stroke=ACCENT, width=3, opacity=1, arrow=True)
        svg.circle(px, py, 8, fill=ACCENT)
        svg.text(px + dx, py + dy, "".join(sentence), size=20, fill=ACCENT, bold=True)
    svg.circle(x, y, 9, fill=ACCENT2)
    svg.text(x + 16, y - 8, "苹果（静态）", size=20, anchor="start", fill=ACCENT2, bold=True)
    return svg.render()
