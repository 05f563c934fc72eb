"""The hard label, the momentum model's opinion, and the target between them."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg

HARD, SOFT, ALPHA = (1.0, 0.0, 0.0, 0.0), (0.5, 0.5, 0.0, 0.0), 0.4


def draw() -> str:
    svg = Svg(700, 300, "硬标签只认第一句；动量模型认为前两句都对；混合目标给第二句留了 0.2")
    mixed = tuple((1 - ALPHA) * y + ALPHA * q for y, q in zip(HARD, SOFT, strict=True))
    for k, (title, values, color) in enumerate(
        [("硬标签 y", HARD, ACCENT2), ("动量模型 q", SOFT, ACCENT), ("0.6y + 0.4q", mixed, ACCENT)]
    ):
        left = 30 + 230 * k
        svg.text(left + 90, 32, title, size=20, bold=True)
        for j, value in enumerate(values):
            height = 150 * value
            svg.rect(left + 46 * j, 240 - height, 36, height, fill=color, opacity=0.75, stroke_opacity=0.3)
            svg.text(left + 46 * j + 18, 232 - height, f"{value:g}", size=18)
            svg.text(left + 46 * j + 18, 264, f"句 {j + 1}", size=18)
        svg.line(left - 6, 240, left + 184, 240, width=1.5)
    svg.text(350, 292, "同一张图的四句候选描述，前两句都说得通", size=18)
    return svg.render()
