"""LoRA: the frozen weight, and beside it a branch that goes down to r dimensions and up again."""

from __future__ import annotations

from figures.svg import ACCENT, Svg


def draw() -> str:
    """Input at the left, two paths, one sum at the right."""
    svg = Svg(700, 310, "LoRA：冻结的 W0 与可训练的低秩支路 BA 并联")
    svg.text(40, 162, "x", size=22, italic=True)
    svg.line(60, 155, 120, 155)
    svg.line(120, 85, 120, 235)
    svg.line(120, 85, 220, 85, arrow=True)
    svg.line(120, 235, 176, 235, arrow=True)
    svg.rect(224, 40, 200, 90, fill="currentColor", opacity=0.12)
    svg.text(324, 80, "W₀", size=22, bold=True)
    svg.text(324, 108, "冻结，d × k", size=16)
    svg.rect(180, 207, 120, 56, fill=ACCENT, opacity=0.25, stroke=ACCENT)
    svg.text(240, 232, "A", size=20, bold=True)
    svg.text(240, 254, "r × k，随机", size=15)
    svg.line(300, 235, 356, 235, arrow=True)
    svg.text(328, 224, "r", size=17, italic=True)
    svg.rect(360, 207, 120, 56, fill=ACCENT, opacity=0.25, stroke=ACCENT)
    svg.text(420, 232, "B", size=20, bold=True)
    svg.text(420, 254, "d × r，零", size=15)
    svg.line(480, 235, 580, 235)
    svg.text(530, 224, "× α/r", size=17)
    svg.line(424, 85, 580, 85)
    svg.line(580, 85, 580, 138, arrow=True)
    svg.line(580, 235, 580, 172, arrow=True)
    svg.circle(580, 155, 15, opacity=0.12)
    svg.text(580, 162, "+", size=22)
    svg.line(597, 155, 648, 155, arrow=True)
    svg.text(668, 162, "h", size=22, italic=True)
    svg.text(330, 296, "只训练 A、B；部署前加回 W₀", size=16)
    return svg.render()
