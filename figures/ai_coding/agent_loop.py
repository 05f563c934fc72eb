"""The single loop: model, tools, a helper one level deep, and the to-do list said again at the end."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, INK, Svg


def draw() -> str:
    """Flat history above, the helper's own history below, of which one line comes back."""
    svg = Svg(720, 330, "单循环智能体：扁平历史，子代理只带回一句结论，待办清单每次附在末尾")

    def box(x: float, y: float, w: float, text: str, color: str = INK, fill: float = 0.0, dash: str = "") -> None:
        svg.rect(x, y, w, 44, fill=color, opacity=fill, stroke=color, stroke_opacity=0.8, rx=6, dash=dash)
        svg.text(x + w / 2, y + 28, text, size=17)

    svg.text(20, 34, "主历史（只有一条，往后追加）", anchor="start", size=17, bold=True)
    for i, (text, color, fill) in enumerate(
        [("任务", INK, 0.0), ("调用", ACCENT, 0.12), ("结果", INK, 0.0), ("调用", ACCENT, 0.12), ("结论", ACCENT2, 0.2)]
    ):
        box(20 + 104 * i, 50, 92, text, color, fill)
    box(548, 50, 150, "待办清单", ACCENT, 0.0, "6 4")
    svg.text(623, 116, "每次发送时附上", size=16, opacity=0.85)
    svg.line(378, 96, 80, 227, stroke=ACCENT2, width=2, arrow=True)
    svg.text(180, 160, "派出", size=17, fill=ACCENT2)
    svg.text(20, 306, "子代理的历史（用完即弃，不能再派子代理）", anchor="start", size=17, bold=True)
    for i, text in enumerate(["任务", "读文件", "读文件", "读文件", "结论"]):
        last = i == 4
        box(20 + 104 * i, 230, 92, text, ACCENT2 if last else INK, 0.2 if last else 0.0, "" if last else "5 4")
    svg.line(482, 228, 482, 98, stroke=ACCENT2, width=2, arrow=True)
    svg.text(494, 170, "只带回这一条", anchor="start", size=17, fill=ACCENT2)
    return svg.render()
