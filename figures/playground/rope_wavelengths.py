"""Wavelengths of Llama 2's pairs before and after NTK-aware scaling by 16, and how many pairs meet new angles."""

from __future__ import annotations

from math import log10, pi

from figures.svg import ACCENT, INK, Svg
from labs.position import rope_scaling as rs
from labs.position.sinusoidal import frequencies

D, BASE, TRAINED, S, LENGTH = 128, 10_000.0, 4096, 16.0, 65_536
THETA = frequencies(D, BASE)
METHODS = {
    "直接外推": THETA,
    "PI": rs.position_interpolation(THETA, S),
    "NTK-aware": rs.ntk_aware(D, BASE, S),
    "Dynamic NTK": rs.dynamic_ntk(D, BASE, LENGTH, TRAINED),
    "YaRN（论文式）": rs.ntk_by_parts(THETA, S, TRAINED),
    "YaRN（官方代码）": rs.yarn_as_coded(D, BASE, S, TRAINED),
}
RED = "var(--vermilion, #b3372f)"
LEFT, RIGHT, TOP, BOTTOM = 70.0, 450.0, 20.0, 290.0


def draw() -> str:
    """What the widget shows at its start."""
    lost = {name: rs.unseen(new, THETA, TRAINED, LENGTH) for name, new in METHODS.items()}
    title = (
        f"头维 {D}、基数 {BASE:.0f}、训练长度 {TRAINED} 的 64 组，扩展 16 倍：灰线是原来的波长，"
        f"彩点是 NTK-aware 的，其中红色的 {lost['NTK-aware'].sum()} 组到第 {LENGTH} 个 token 时转到了训练里没见过的角度"
    )
    svg = Svg(720, 360, title)
    new = METHODS["NTK-aware"]

    def point(i: int, tokens: float) -> tuple[float, float]:
        return LEFT + (RIGHT - LEFT) * i / (D / 2 - 1), BOTTOM - (BOTTOM - TOP) * (log10(tokens) - 0.7) / 5.4

    svg.line(LEFT, BOTTOM, RIGHT, BOTTOM)
    svg.line(LEFT, BOTTOM, LEFT, TOP)
    for power, label in enumerate("¹²³⁴⁵", 1):
        svg.text(LEFT - 8, point(0, 10**power)[1] + 6, f"10{label}", anchor="end", size=17)
    for tokens, label in ((TRAINED, "训练长度 4096"), (LENGTH, "用到 65536")):
        svg.line(LEFT, point(0, tokens)[1], RIGHT, point(0, tokens)[1], dash="4 4", opacity=0.5)
        svg.text(LEFT + 8, point(0, tokens)[1] - 6, label, anchor="start", size=16)
    svg.polyline([point(i, 2 * pi / theta) for i, theta in enumerate(THETA)], stroke=INK)
    for i, theta in enumerate(new):
        svg.circle(*point(i, 2 * pi / theta), 3, fill=RED if lost["NTK-aware"][i] else ACCENT)
    svg.text((LEFT + RIGHT) / 2, BOTTOM + 26, "组号：高频 → 低频", size=17)
    svg.text((LEFT + RIGHT) / 2, BOTTOM + 54, "纵轴：转一圈要几个 token", size=17)
    svg.text(475, 60, "没见过的角度", anchor="start", size=18, bold=True)
    for row, (name, flags) in enumerate(lost.items()):
        svg.text(475, 96 + 34 * row, name, anchor="start", size=17)
        svg.text(708, 96 + 34 * row, f"{flags.sum()} 组", anchor="end", size=17)
    return svg.render()
