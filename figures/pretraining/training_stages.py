"""What goes in and what is learnt at each stage."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, INK, Svg


def box(svg: Svg, x: float, y: float, name: str, data: str, color: str) -> None:
    """A stage with its data beneath."""
    svg.rect(x, y, 150, 76, fill=color, opacity=0.22, rx=8)
    svg.text(x + 75, y + 31, name, size=18, bold=True)
    svg.text(x + 75, y + 58, data, size=15)


def draw() -> str:
    """Pre-training, SFT and RL in a row; the reward model joins from below, DPO goes around."""
    svg = Svg(720, 290, "预训练、监督微调、强化学习依次产出模型；奖励模型只产出打分器")
    box(svg, 30, 40, "预训练", "海量文本", ACCENT)
    box(svg, 285, 40, "SFT", "指令与示范", ACCENT)
    box(svg, 540, 40, "RL", "只有提示词", ACCENT)
    box(svg, 285, 190, "奖励模型", "回复的偏好对", ACCENT2)
    svg.line(180, 78, 283, 78, arrow=True, width=2)
    svg.text(232, 68, "基座", size=15)
    svg.line(435, 78, 538, 78, arrow=True, width=2)
    svg.text(487, 68, "策略初值", size=15)
    svg.line(360, 116, 360, 188, arrow=True)
    svg.text(350, 158, "采样回复", size=15, anchor="end")
    svg.line(435, 228, 615, 228, opacity=0.7)
    svg.line(615, 228, 615, 118, arrow=True)
    svg.text(530, 218, "分数", size=15)
    svg.text(627, 170, "减 KL 惩罚", size=15, anchor="start", fill=INK)
    return svg.render()
