"""Who may change the plan and who may only fill its slots: the two models and the policy check."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg


def draw() -> str:
    """Upper row: control, from the user. Lower row: data, from outside, ending in a slot of the plan."""
    svg = Svg(740, 300, "固定计划与带标签的数据")

    def box(x: float, y: float, w: float, lines: tuple[str, str], colour: str) -> None:
        svg.rect(x, y, w, 76, fill=colour, opacity=0.18, stroke=colour, stroke_opacity=0.9, rx=10)
        svg.text(x + w / 2, y + 33, lines[0], size=20, bold=True)
        svg.text(x + w / 2, y + 60, lines[1], size=17, opacity=0.85)

    box(10, 40, 150, ("用户请求", "可信"), ACCENT)
    box(210, 40, 150, ("规划模型", "不读资料"), ACCENT)
    box(410, 40, 130, ("计划", "步骤固定"), ACCENT)
    box(600, 40, 130, ("工具", "真正执行"), ACCENT)
    box(10, 196, 150, ("邮件、网页", "不可信"), ACCENT2)
    box(210, 196, 150, ("隔离模型", "没有工具"), ACCENT2)
    box(410, 196, 130, ("值＋标签", "来源、可见者"), ACCENT2)
    for y, colour in ((78.0, ACCENT), (234.0, ACCENT2)):
        svg.line(162, y, 206, y, stroke=colour, width=2.5, opacity=1, arrow=True)
        svg.line(362, y, 406, y, stroke=colour, width=2.5, opacity=1, arrow=True)
    svg.line(542, 78, 596, 78, stroke=ACCENT, width=2.5, opacity=1, arrow=True)
    svg.line(475, 194, 475, 120, stroke=ACCENT2, width=2.5, opacity=1, arrow=True)
    svg.text(463, 164, "只能填空", anchor="end", size=18)
    svg.text(569, 28, "策略检查", size=18, bold=True)
    svg.line(569, 40, 569, 116, width=3, dash="5 4", opacity=0.9)
    return svg.render()
