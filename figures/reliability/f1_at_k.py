"""F1@K of three answers over the number of facts that the reader wants."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.reliability.atomic_facts import f1_at_k

ANSWERS = [
    ((64, 16), ACCENT, "", "64 对 16 错", 60.0),
    ((30, 10), ACCENT, "9 5", "30 对 10 错", 96.0),
    ((8, 0), ACCENT2, "", "8 对 0 错", 132.0),
]


def draw() -> str:
    """Which answer is best depends on K: the curves cross."""
    svg = Svg(720, 330, "三份回答的 F1@K 随 K 变化，曲线相交")
    left, right, top, base, most = 66.0, 500.0, 20.0, 268.0, 128
    svg.line(left, base, right, base)
    svg.line(left, base, left, top)
    for value in (0.0, 0.5, 1.0):
        svg.text(left - 10, base - (base - top) * value + 6, f"{value:.1f}", anchor="end", size=17)
    for k in (1, 32, 64, 96, 128):
        svg.text(left + (right - left) * k / most, base + 24, str(k), size=17)
    svg.text((left + right) / 2, base + 50, "K：读者想要的事实数", size=18)
    for (s, n), color, dash, label, y in ANSWERS:
        points = [
            (left + (right - left) * k / most, base - (base - top) * f1_at_k(s, n, k)) for k in range(1, most + 1)
        ]
        svg.polyline(points, stroke=color, width=3, dash=dash)
        svg.line(right + 18, y, right + 58, y, stroke=color, width=3, dash=dash, opacity=1)
        svg.text(right + 68, y + 6, label, anchor="start", size=18)
    return svg.render()
