"""One Pre-LN decoder block with the shape of the tensor on every edge, from token ids to logits."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg

LEFT, WIDE, HIGH = 200.0, 210.0, 34.0
CENTER = LEFT + WIDE / 2
SHAPES = LEFT + WIDE + 28


def box(svg: Svg, y: float, label: str, fill: str = "none") -> None:
    """One operation."""
    svg.rect(LEFT, y, WIDE, HIGH, rx=5, fill=fill, opacity=0.18)
    svg.text(CENTER, y + 23, label, size=17)


def edge(svg: Svg, top: float, bottom: float, shape: str = "") -> None:
    """An arrow down the trunk with the shape of what flows along it."""
    svg.line(CENTER, top, CENTER, bottom, arrow=True)
    if shape:
        svg.text(SHAPES, (top + bottom) / 2 + 6, shape, size=17, anchor="start", fill=ACCENT, bold=True)


def plus(svg: Svg, y: float, tap: float) -> None:
    """The sum, with the shortcut that starts at `tap`, above the norm."""
    svg.circle(CENTER, y, 12, fill=ACCENT2, opacity=0.3)
    svg.text(CENTER, y + 6, "+", size=18, bold=True)
    x = LEFT - 34
    svg.polyline([(CENTER, tap), (x, tap), (x, y), (CENTER - 16, y)], stroke=ACCENT2, width=2)
    svg.line(CENTER - 24, y, CENTER - 13, y, stroke=ACCENT2, width=2, opacity=1, arrow=True)


def draw() -> str:
    """The SVG."""
    svg = Svg(640, 760, "一个 Pre-LN 解码器块：从 token 编号到 logits，每一步张量的形状")
    svg.text(CENTER, 26, "token 编号", size=17)
    edge(svg, 34, 64, "(B, T)")
    box(svg, 64, "嵌入 + 位置", ACCENT)
    svg.line(CENTER, 98, CENTER, 150, arrow=True)
    svg.text(SHAPES, 128, "(B, T, d)", size=17, anchor="start", fill=ACCENT, bold=True)
    svg.rect(LEFT - 130, 108, WIDE + 148, 500, rx=10, dash="5 5")
    svg.text(LEFT - 118, 138, "× L 层", size=17, anchor="start", bold=True)
    box(svg, 150, "归一化")
    edge(svg, 184, 212)
    box(svg, 212, "Q、K、V 投影", ACCENT)
    edge(svg, 246, 282, "(B, h, T, d_h) 三份")
    box(svg, 282, "因果注意力", ACCENT)
    svg.text(SHAPES, 304, "得分 (B, h, T, T)", size=17, anchor="start", fill=ACCENT, bold=True)
    edge(svg, 316, 346)
    box(svg, 346, "拼接各头，乘 W^O", ACCENT)
    svg.line(CENTER, 380, CENTER, 398, arrow=True)
    plus(svg, 411, 122)
    edge(svg, 423, 456, "(B, T, d)")
    box(svg, 456, "归一化")
    edge(svg, 490, 518)
    box(svg, 518, "前馈网络", ACCENT)
    svg.text(SHAPES, 540, "中间 (B, T, d_ff)", size=17, anchor="start", fill=ACCENT, bold=True)
    svg.line(CENTER, 552, CENTER, 570, arrow=True)
    plus(svg, 583, 438)
    edge(svg, 595, 634, "(B, T, d)")
    box(svg, 634, "最后的归一化")
    svg.line(CENTER, 668, CENTER, 688, arrow=True)
    box(svg, 688, "输出投影", ACCENT)
    svg.text(SHAPES, 711, "logits (B, T, V)", size=17, anchor="start", fill=ACCENT, bold=True)
    return svg.render()
