"""Five ways to stretch RoPE sixteenfold: the new frequency of each pair over the old one."""

from __future__ import annotations

from math import log2

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.position.rope_scaling import dynamic_ntk, ntk_aware, ntk_by_parts, position_interpolation, yarn_as_coded
from labs.position.sinusoidal import frequencies

D, BASE, TRAINED, S = 128, 10_000.0, 4096, 16.0
X0, X1, Y0, Y1 = 70.0, 540.0, 330.0, 40.0


def draw() -> str:
    """Curves against the pair index on a logarithmic axis from 1/16 to 1."""
    svg = Svg(
        740,
        410,
        "五种方法的频率缩放比：PI 一律 1/16，NTK-aware 直线下降，NTK-by-parts 与 YaRN 先保持 1 再降到 1/16",
    )
    theta = frequencies(D, BASE)

    def point(i: float, ratio: float) -> tuple[float, float]:
        return X0 + (X1 - X0) * i / 63, Y0 + (Y1 - Y0) * (log2(ratio) + 4) / 4

    for power in range(5):
        y = point(0, 2.0**-power)[1]
        svg.line(X0, y, X1, y, opacity=0.15)
        svg.text(X0 - 10, y + 5, "1" if power == 0 else f"1/{2**power}", size=15, anchor="end")
    for i in (0, 21, 46, 63):
        x = point(i, 1)[0]
        svg.text(x, Y0 + 24, str(i), size=15)
        if i in (21, 46):
            svg.line(x, Y0, x, Y1, dash="3 5", opacity=0.4)
    curves = [
        (position_interpolation(theta, S), INK, "6 4"),
        (ntk_aware(D, BASE, S), ACCENT2, ""),
        (dynamic_ntk(D, BASE, 4 * TRAINED, TRAINED), ACCENT2, "3 4"),
        (ntk_by_parts(theta, S, TRAINED), ACCENT, ""),
        (yarn_as_coded(D, BASE, S, TRAINED), ACCENT, "7 4"),
    ]
    names = ["PI", "NTK-aware", "Dynamic NTK", "NTK-by-parts", "YaRN 官方代码"]
    for row, ((new, color, dash), name) in enumerate(zip(curves, names, strict=True)):
        svg.polyline([point(i, float(r)) for i, r in enumerate(new / theta)], stroke=color, width=2.5, dash=dash)
        y = 70 + 52 * row
        svg.polyline([(566, y - 5), (602, y - 5)], stroke=color, width=2.5, dash=dash)
        svg.text(610, y, name, size=15, anchor="start")
    svg.text(610, 194, "（l′ = 4L 时）", size=13, anchor="start")
    svg.text(610, 246, "与 YaRN 论文式", size=13, anchor="start")
    svg.text((X0 + X1) / 2, Y0 + 54, "组号 i（高频 → 低频）", size=16)
    svg.text(16, 22, "新旧频率之比 θ′/θ（s = 16）", size=15, anchor="start")
    return svg.render()
