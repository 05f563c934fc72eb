"""Forward FLOP per token against context for 64 and 128 heads on Kimi K2 (page models/kimi-k2)."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.models.moe_sparsity import doubling, token_flops

ACTIVE = 32.6e9


def draw() -> str:
    """Two straight lines; the gap at 128K is what the report quotes."""
    svg = Svg(680, 400, "Kimi K2：64 头与 128 头的每 token FLOP")
    x0, y0, width, height, top, longest = 90, 330, 440, 260, 650e9, 131_072
    svg.line(x0, y0, x0 + width, y0)
    svg.line(x0, y0, x0, y0 - height)
    for giga in (200, 400, 600):
        svg.text(x0 - 10, y0 - height * giga * 1e9 / top + 5, f"{giga}", size=14, anchor="end")
    svg.text(x0 - 60, y0 - height - 18, "每个 token 的前向 GFLOP", size=14, anchor="start")
    for k in (32, 64, 96, 128):
        svg.text(x0 + width * k * 1024 / longest, y0 + 22, f"{k}K", size=14)
    svg.text(x0 + width / 2, y0 + 48, "上下文（token）", size=14)

    def many(context: int) -> float:
        return token_flops(ACTIVE, 64, 512, context) * (1 + doubling(ACTIVE, 512, context))

    for name, start, end, color in (
        ("128 头", many(0), many(longest), ACCENT2),
        ("64 头（K2）", token_flops(ACTIVE, 64, 512, 0), token_flops(ACTIVE, 64, 512, longest), ACCENT),
    ):
        ys = [y0 - height * value / top for value in (start, end)]
        svg.polyline([(x0, ys[0]), (x0 + width, ys[1])], stroke=color, width=3)
        svg.text(x0 + width + 10, ys[1] + 5, name, size=15, anchor="start", fill=color)
    middle = (many(longest) + token_flops(ACTIVE, 64, 512, longest)) / 2
    svg.text(
        x0 + width + 10,
        y0 - height * middle / top + 5,
        f"+{doubling(ACTIVE, 512, longest):.0%}",
        size=15,
        anchor="start",
    )
    return svg.render()
