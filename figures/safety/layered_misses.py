"""What slips past three checks that miss one case in ten each, under three kinds of dependence."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.safety.layers import bounds, independent, mixture


def draw() -> str:
    """Horizontal bars in per cent: independent, a few hard cases, all the same cases."""
    single, joint = mixture(0.05, [0.06] * 3, [0.86] * 3)
    rows = [
        ("假设相互独立", independent(single), ACCENT),
        ("5% 是难题", joint, ACCENT2),
        ("漏的是同一批", bounds(single)[1], ACCENT2),
    ]
    svg = Svg(680, 220, "三道各漏 10% 的检查，合起来漏多少")
    left, right = 190.0, 570.0
    svg.text(left, 28, "三道检查，每道单独漏 10%", anchor="start", size=19, bold=True)
    for i, (name, value, colour) in enumerate(rows):
        y = 50 + i * 54
        width = (right - left) * value / 0.1
        svg.text(left - 14, y + 26, name, anchor="end", size=19)
        svg.rect(left, y, max(width, 3), 38, fill=colour, opacity=0.85, stroke_opacity=0.3)
        svg.text(left + max(width, 3) + 12, y + 26, f"{100 * value:.1f}%", anchor="start", size=20, bold=True)
    svg.line(left, 44, left, 208)
    return svg.render()
