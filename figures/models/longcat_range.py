"""How many of twelve experts are real if a layer chose at random, and what that activates (models/longcat-flash)."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.models.activated_range import K, activated, chance


def draw() -> str:
    """Thirteen bars; three marks below."""
    svg = Svg(680, 370, "LongCat-Flash 的激活范围")
    x0, y0, step, height = 60, 260, 45, 200
    top = max(chance(k) for k in range(K + 1))
    svg.text(40, 28, "一层随机选 12 个专家时，选中真专家的个数", size=15, anchor="start")
    for k in range(K + 1):
        tall = height * chance(k) / top
        x = x0 + k * step
        mark = k in (0, 8, 12)
        svg.rect(x, y0 - tall, 32, tall, fill=ACCENT2 if mark else ACCENT, opacity=0.7, stroke_opacity=0.3)
        svg.text(x + 16, y0 + 22, str(k), size=15, bold=mark)
        if chance(k) > 0.1:
            svg.text(x + 16, y0 - tall - 8, f"{chance(k):.0%}", size=13)
        if mark:
            svg.line(x + 16, y0 + 30, x + 16, y0 + 52, stroke=ACCENT2)
            svg.text(x + 16, y0 + 72, f"{activated(k) / 1e9:.1f}B", size=16, fill=ACCENT2, bold=True)
    svg.line(x0 - 10, y0, x0 + 13 * step, y0)
    svg.text(x0 + 6.5 * step, y0 + 100, "若各层都如此，一个 token 的激活参数", size=14)
    return svg.render()
