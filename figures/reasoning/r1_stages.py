"""The pipeline of DeepSeek-R1: R1-Zero beside the four stages, with what each stage learns from."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg


def draw() -> str:
    """Two rows from the same base model; supervised stages and RL stages have different colours."""
    svg = Svg(720, 400, "DeepSeek-R1-Zero 与 DeepSeek-R1 的训练阶段")

    def box(x: float, y: float, w: float, head: str, note: str, color: str) -> None:
        svg.rect(x, y, w, 74, fill=color, opacity=0.16, stroke=color, stroke_opacity=0.9, rx=8)
        svg.text(x + w / 2, y + 31, head, size=18, bold=True)
        svg.text(x + w / 2, y + 57, note, size=16)

    svg.rect(14, 20, 128, 74, rx=8)
    svg.text(78, 52, "V3-Base", size=18, bold=True)
    svg.text(78, 77, "基座", size=16)
    svg.line(142, 57, 190, 57, arrow=True)
    box(192, 20, 220, "纯 RL", "准确 + 格式奖励", ACCENT2)
    svg.line(412, 57, 460, 57, arrow=True)
    svg.text(528, 63, "R1-Zero", size=19, bold=True)
    svg.line(78, 94, 78, 148, arrow=True)
    box(14, 150, 208, "1 冷启动 SFT", "数千条长思维链", ACCENT)
    svg.line(222, 187, 254, 187, arrow=True)
    box(256, 150, 208, "2 推理 RL", "+ 语言一致性奖励", ACCENT2)
    svg.line(464, 187, 496, 187, arrow=True)
    svg.rect(498, 150, 208, 74, rx=8, dash="6 4")
    svg.text(602, 181, "拒绝采样", size=18, bold=True)
    svg.text(602, 207, "60 万 + 20 万条", size=16)
    svg.line(602, 224, 602, 268)
    svg.line(602, 268, 118, 268)
    svg.line(118, 268, 118, 302, arrow=True)
    svg.text(360, 260, "从 V3-Base 重新开始", size=16)
    box(14, 304, 208, "3 第二次 SFT", "80 万条，两轮", ACCENT)
    svg.line(222, 341, 254, 341, arrow=True)
    box(256, 304, 208, "4 全场景 RL", "规则 + 偏好奖励模型", ACCENT2)
    svg.line(464, 341, 512, 341, arrow=True)
    svg.text(548, 347, "R1", size=19, bold=True)
    return svg.render()
