"""What numbers the formats reach: subnormal and normal magnitudes on an axis of powers of two."""

from __future__ import annotations

from math import log2

from figures.svg import ACCENT, ACCENT2, Svg
from labs.numerics.float_formats import FORMATS

LEFT, RIGHT, LOW, HIGH, ROW = 128.0, 684.0, -152.0, 130.0, 44.0


def draw() -> str:
    """A bar from the smallest normal to the largest number; before it, paler, the subnormals."""
    svg = Svg(700, 78 + ROW * len(FORMATS), "各浮点格式能表示的数量级")

    def x(power: float) -> float:
        return LEFT + (RIGHT - LEFT) * (power - LOW) / (HIGH - LOW)

    bottom = 14 + ROW * len(FORMATS)
    for row, f in enumerate(FORMATS):
        y = 12 + row * ROW
        svg.text(LEFT - 12, y + 21, f.name, anchor="end", size=17, bold=True)
        low, normal, high = log2(f.min_subnormal), log2(f.min_normal), log2(f.max)
        svg.rect(x(low), y, x(normal) - x(low), 28, fill=ACCENT2, opacity=0.7, stroke_opacity=0.3)
        svg.rect(x(normal), y, x(high) - x(normal), 28, fill=ACCENT, opacity=0.7, stroke_opacity=0.3)
    svg.line(LEFT, bottom, RIGHT, bottom)
    svg.line(x(0), 6, x(0), bottom, opacity=0.6, dash="4 4")
    for power, label in ((-149, "2⁻¹⁴⁹"), (-126, "2⁻¹²⁶"), (-24, "2⁻²⁴"), (0, "1"), (16, "2¹⁶"), (128, "2¹²⁸")):
        svg.line(x(power), bottom, x(power), bottom + 6)
        anchor = "end" if power in (-24, 128) else "start" if power in (16, -126) else "middle"
        svg.text(x(power) + (3 if anchor == "start" else 0), bottom + 24, label, size=16, anchor=anchor)
    svg.rect(LEFT, bottom + 38, 20, 18, fill=ACCENT, opacity=0.7)
    svg.text(LEFT + 28, bottom + 53, "规格化数（精度完整）", anchor="start", size=17)
    svg.rect(LEFT + 256, bottom + 38, 20, 18, fill=ACCENT2, opacity=0.7)
    svg.text(LEFT + 284, bottom + 53, "次正规数（越小位数越少）", anchor="start", size=17)
    return svg.render()
