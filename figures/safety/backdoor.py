"""Clean accuracy and trigger success by the number of poisoned rows among 2000."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.safety.poisoning import evaluate, fit, make_reviews

POISON = [0, 5, 20, 40]


def draw() -> str:
    """Two curves in per cent."""
    svg = Svg(700, 330, "毒样本数与干净准确率、触发成功率")
    left, right, top, bottom = 90.0, 600.0, 30.0, 250.0

    def x(poison: int) -> float:
        return left + (right - left) * poison / POISON[-1]

    def y(rate: float) -> float:
        return bottom - (bottom - top) * rate

    for rate in (0.0, 0.5, 1.0):
        svg.line(left, y(rate), right, y(rate), opacity=0.25)
        svg.text(left - 10, y(rate) + 6, f"{100 * rate:.0f}%", anchor="end", size=18)
    for poison in POISON:
        svg.text(x(poison), bottom + 28, str(poison), size=18)
    svg.text((left + right) / 2, bottom + 60, "2000 条训练数据里的毒样本", size=19)
    rates = [evaluate(*fit(*make_reviews(0, poison=p))) for p in POISON]
    for part, (colour, dash, name) in enumerate(((ACCENT, "", "干净准确率"), (ACCENT2, "7 4", "触发成功"))):
        points = [(x(p), y(rate[part])) for p, rate in zip(POISON, rates, strict=True)]
        svg.polyline(points, stroke=colour, width=3, dash=dash)
        for px, py in points:
            svg.circle(px, py, 5, fill=colour)
        svg.text(right - 4, points[-1][1] - 16, f"{name} {100 * rates[-1][part]:.0f}%", anchor="end", size=19)
    return svg.render()
