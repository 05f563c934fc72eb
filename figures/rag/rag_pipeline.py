"""The two halves of a RAG system; nothing here is measured."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg

OFFLINE = ["文档", "解析清洗", "切块", "编码"]
ONLINE = ["问题", "改写", "召回", "重排", "拼提示", "生成"]


def draw() -> str:
    """Offline boxes lead into the index from above, the online row reads from it below."""
    svg = Svg(720, 330, "离线建库与在线查询在索引处相接")
    svg.text(14, 30, "离线", anchor="start", size=19, bold=True, fill=ACCENT2)
    svg.text(14, 232, "在线", anchor="start", size=19, bold=True, fill=ACCENT)
    for i, name in enumerate(OFFLINE):
        x = 14 + i * 136
        svg.rect(x, 44, 104, 50, fill=ACCENT2, opacity=0.15, stroke=ACCENT2, rx=8)
        svg.text(x + 52, 76, name, size=19)
        svg.line(x + 106, 69, x + 132, 69, arrow=True)
    svg.rect(560, 40, 146, 58, fill=ACCENT2, opacity=0.35, stroke=ACCENT2, rx=8)
    svg.text(633, 66, "索引", size=20, bold=True)
    svg.text(633, 88, "向量、原文、权限", size=15)
    for i, name in enumerate(ONLINE):
        x = 14 + i * 119
        svg.rect(x, 246, 92, 50, fill=ACCENT, opacity=0.15, stroke=ACCENT, rx=8)
        svg.text(x + 46, 278, name, size=19)
        if i + 1 < len(ONLINE):
            svg.line(x + 93, 271, x + 116, 271, arrow=True)
    svg.line(633, 100, 633, 160, opacity=0.6)
    svg.line(633, 160, 298, 160, opacity=0.6)
    svg.line(298, 160, 298, 242, opacity=0.6, arrow=True)
    svg.text(460, 148, "全库 → 一百 → 几条", size=18)
    svg.text(655, 320, "带引用", size=17)
    return svg.render()
