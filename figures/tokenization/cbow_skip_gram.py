"""CBOW and skip-gram on one window: who predicts whom."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.tokenization.word2vec import windows

SENTENCE = ["我", "坐", "火车", "去", "北京"]


def draw() -> str:
    svg = Svg(700, 372, "左：CBOW 把四个上下文词的向量取平均，预测中心词；右：Skip-gram 用中心词分别预测四个上下文词")
    center, context = windows(SENTENCE, 2)[2]
    svg.text(170, 30, "CBOW：周围 → 中心", size=20, bold=True)
    svg.text(530, 30, "Skip-gram：中心 → 周围", size=20, bold=True)
    for i, word in enumerate(context):
        y = 56 + 62 * i
        box(svg, 14, y, 84, word, ACCENT)
        svg.line(98, y + 22, 138, 171, arrow=True)
        box(svg, 602, y, 84, word, ACCENT2)
        svg.line(528, 171, 598, y + 22, stroke=ACCENT2, width=1.5, opacity=1, arrow=True)
    box(svg, 140, 149, 74, "平均", "none")
    svg.line(214, 171, 248, 171, arrow=True)
    box(svg, 250, 149, 84, center, ACCENT2)
    box(svg, 424, 149, 104, center, ACCENT)
    svg.line(378, 48, 378, 300, opacity=0.3)
    svg.text(170, 326, "一个位置一个样本", size=18)
    svg.text(530, 326, f"一个位置 {len(context)} 个样本", size=18)
    svg.rect(176, 346, 18, 18, fill=ACCENT, opacity=0.25)
    svg.text(202, 361, "查输入表 W", size=17, anchor="start")
    svg.rect(386, 346, 18, 18, fill=ACCENT2, opacity=0.25)
    svg.text(412, 361, "查输出表 W′", size=17, anchor="start")
    return svg.render()


def box(svg: Svg, x: float, y: float, w: float, label: str, color: str) -> None:
    """A word in a box of its table's colour."""
    svg.rect(x, y, w, 44, fill=color, opacity=0.25 if color != "none" else 1, rx=5)
    svg.text(x + w / 2, y + 29, label, size=20)
