"""The four models of PPO-RLHF and what flows between them in one round."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, INK, Svg


def box(svg: Svg, x: float, y: float, w: float, name: str, role: str, trained: bool) -> None:
    """A model: filled if it is trained, dashed if it is frozen."""
    color = ACCENT if trained else INK
    dash = "" if trained else "6 4"
    svg.rect(x, y, w, 62, fill=color, opacity=0.14 if trained else 0, stroke=color, stroke_opacity=0.9, rx=8, dash=dash)
    svg.text(x + w / 2, y + 27, name, size=18, bold=True)
    svg.text(x + w / 2, y + 50, role, size=16, opacity=0.85)


def draw() -> str:
    """Left to right: the policy writes, three models read, their numbers meet in the rewards and the advantage."""
    svg = Svg(740, 400, "PPO 的四个模型：策略与价值要训练，参考与奖励冻结")
    box(svg, 20, 134, 150, "策略 Actor", "写出回复 y", True)
    box(svg, 262, 24, 180, "参考 Reference", "逐 token 对数概率", False)
    box(svg, 262, 134, 180, "奖励 Reward", "整条回复一个分", False)
    box(svg, 262, 244, 180, "价值 Critic", "每个前缀一个 V", True)
    for y in (55, 165, 275):
        svg.line(172, 165, 258, y, arrow=True)
    svg.rect(532, 74, 188, 62, stroke_opacity=0.6, rx=8)
    svg.text(626, 101, "逐 token 奖励", size=18, bold=True)
    svg.text(626, 124, "−β·KL，末尾加分", size=16, opacity=0.85)
    svg.rect(532, 214, 188, 62, stroke_opacity=0.6, rx=8)
    svg.text(626, 241, "GAE", size=18, bold=True)
    svg.text(626, 264, "优势 A 与回报 R", size=16, opacity=0.85)
    svg.line(446, 55, 528, 96, arrow=True)
    svg.line(446, 165, 528, 116, arrow=True)
    svg.line(626, 138, 626, 210, arrow=True)
    svg.line(446, 275, 528, 248, arrow=True)
    svg.line(626, 278, 626, 352, opacity=0.9, stroke=ACCENT2)
    svg.line(626, 352, 95, 352, opacity=0.9, stroke=ACCENT2)
    svg.line(95, 352, 95, 200, opacity=0.9, stroke=ACCENT2, arrow=True)
    svg.line(352, 352, 352, 310, opacity=0.9, stroke=ACCENT2, arrow=True)
    svg.text(224, 342, "A 更新策略", size=17, fill=ACCENT2)
    svg.text(490, 342, "R 更新价值", size=17, fill=ACCENT2)
    svg.text(370, 386, "实底：要训练；虚线框：冻结，只前向", size=17, opacity=0.85)
    return svg.render()
