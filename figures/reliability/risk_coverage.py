"""Risk over coverage, with one threshold on calibrated and on overconfident numbers."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.reliability.risk_coverage import at_threshold, overconfident, questions, risk_coverage


def draw() -> str:
    """Both confidences rank alike, so the curve is one; the same threshold lands on two places of it."""
    confidence, right = questions(20_000, 0)
    coverage, risk = risk_coverage(confidence, right)
    svg = Svg(700, 330, "风险—覆盖率曲线，同一阈值在校准与过度自信时落在不同的点")
    left, end, top, base = 76.0, 660.0, 22.0, 264.0

    def at(x: float, y: float) -> tuple[float, float]:
        return left + (end - left) * x, base - (base - top) * y / 0.6

    svg.line(left, base, end, base)
    svg.line(left, base, left, top)
    for value in (0.0, 0.2, 0.4, 0.6):
        svg.text(left - 10, at(0, value)[1] + 6, f"{value:.0%}", anchor="end", size=17)
    for value in (0.0, 0.25, 0.5, 0.75, 1.0):
        svg.text(at(value, 0)[0], base + 24, f"{value:.0%}", size=17)
    svg.text((left + end) / 2, base + 52, "覆盖率：答了多少", size=18)
    svg.text(left + 14, top + 12, "风险：答了的里面错多少", anchor="start", size=18)
    picks = range(399, len(risk), 400)
    svg.polyline([at(float(coverage[i]), float(risk[i])) for i in picks], stroke=ACCENT, width=3)
    for values, color, label, dy in [
        (confidence, ACCENT, "阈值 0.75，校准", 44),
        (overconfident(confidence), ACCENT2, "阈值 0.75，过度自信", 44),
    ]:
        x, y = at(*at_threshold(values, right, 0.75))
        svg.circle(x, y, 8, fill=color)
        svg.text(x + 10, y + dy, label, anchor="start", size=18)
    return svg.render()
