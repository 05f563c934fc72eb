"""Expected points of answering over the chance of being right, under three grading rules."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.reliability.risk_coverage import expected_points


def draw() -> str:
    """Declining always gives 0; a line crosses it at its confidence target, and 0/1 grading never does."""
    svg = Svg(720, 340, "答题的期望得分随答对的把握变化，三种评分规则与 0 的交点不同")
    left, right, top, bottom, low = 66.0, 500.0, 20.0, 280.0, -3.0

    def at(p: float, value: float) -> tuple[float, float]:
        return left + (right - left) * p, top + (bottom - top) * (1 - value) / (1 - low)

    svg.line(left, bottom, right, bottom)
    svg.line(left, bottom, left, top)
    svg.line(*at(0, 0), *at(1, 0), dash="5 5", opacity=0.9)
    for value in (1, 0, -1, -2, -3):
        svg.text(left - 10, at(0, value)[1] + 6, f"{value}".replace("-", "−"), anchor="end", size=17)
    for p in (0, 0.25, 0.5, 0.75, 1):
        svg.text(at(p, 0)[0], bottom + 24, f"{p:g}", size=17)
    svg.text((left + right) / 2, bottom + 50, "答对的把握", size=18)
    for target, color, dash, label, y in [
        (0.0, ACCENT2, "", "答错 0 分", 60.0),
        (0.5, ACCENT, "9 5", "答错 −1 分", 100.0),
        (0.75, ACCENT, "", "答错 −3 分", 140.0),
    ]:
        ends = [at(p, float(expected_points(p, target))) for p in (0.0, 1.0)]
        svg.polyline(ends, stroke=color, width=3, dash=dash)
        if target:
            svg.circle(*at(target, 0), 6, fill=color)
        svg.line(right + 18, y, right + 58, y, stroke=color, width=3, dash=dash, opacity=1)
        svg.text(right + 68, y + 6, label, anchor="start", size=18)
    svg.line(right + 18, 180, right + 58, 180, dash="5 5", opacity=0.9)
    svg.text(right + 68, 186, "不答：0 分", anchor="start", size=18)
    return svg.render()
