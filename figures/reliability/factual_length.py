"""Precision and F1@5 of answers that stop after m claims: what each score asks the policy to become."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.reliability.factual_pairs import responses


def draw() -> str:
    """Precision falls from the first claim on; F1@5 has its top at six."""
    precision, f1 = responses(5)
    svg = Svg(720, 320, "说得越多精确率越低，F1@5 在六条时最高")
    left, right, top, base = 70.0, 500.0, 20.0, 256.0
    svg.line(left, base, right, base)
    svg.line(left, base, left, top)
    for value in (0.0, 0.5, 1.0):
        svg.text(left - 10, base - (base - top) * value + 6, f"{value:.1f}", anchor="end", size=17)
    for m in range(1, 9):
        svg.text(left + (right - left) * m / 8.4, base + 24, str(m), size=17)
    svg.text((left + right) / 2, base + 50, "说几条事实", size=18)
    for values, color, label, y in ((precision, ACCENT2, "精确率", 60.0), (f1, ACCENT, "F1@5", 96.0)):
        points = [(left + (right - left) * m / 8.4, base - (base - top) * float(v)) for m, v in enumerate(values, 1)]
        svg.polyline(points, stroke=color, width=3)
        best = max(range(8), key=lambda i: values[i])
        svg.circle(*points[best], 8, fill=color)
        svg.line(right + 18, y, right + 58, y, stroke=color, width=3, opacity=1)
        svg.text(right + 68, y + 6, label, anchor="start", size=18)
    svg.text(right + 18, 140, "圆点：各自的最优", anchor="start", size=17)
    return svg.render()
