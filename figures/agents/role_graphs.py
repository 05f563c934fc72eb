"""Chain, star and mesh of five roles: lines and tokens read."""

from __future__ import annotations

from math import cos, pi, sin

from figures.svg import ACCENT, Svg
from labs.agents.roles import tokens_read, topology


def draw() -> str:
    """Three graphs side by side."""
    svg = Svg(720, 300, "五个角色的链、星、全连接，以及读入的 token 数")
    for c, (kind, label) in enumerate((("chain", "链"), ("star", "星"), ("mesh", "全连接"))):
        cx, cy = 124 + c * 236.0, 124.0
        ring = [(cx + 84 * sin(2 * pi * i / 5), cy - 84 * cos(2 * pi * i / 5)) for i in range(5)]
        star = [(cx, cy), *((cx + 90 * cos(pi / 4 + i * pi / 2), cy - 78 * sin(pi / 4 + i * pi / 2)) for i in range(4))]
        at = {
            "chain": [(cx - 92 + 46 * i, cy + (24 if i % 2 else -24)) for i in range(5)],
            "star": star,
            "mesh": ring,
        }[kind]
        reads = topology(kind, 5)
        for i in range(5):
            for j in range(i):
                if reads[i, j] or reads[j, i]:
                    svg.line(*at[j], *at[i], width=1.6, opacity=0.6)
        for x, y in at:
            svg.circle(x, y, 13, fill=ACCENT)
        svg.text(cx, 252, f"{label}：{int(reads.sum())} 条", size=18, bold=True)
        svg.text(cx, 282, f"读入 {tokens_read(reads, 4, 500, 1000) // 1000}k", size=18)
    return svg.render()
