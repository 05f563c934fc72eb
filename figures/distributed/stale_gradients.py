"""Gradient descent on a parabola with gradients that are 0, 3 or 7 updates old."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.distributed.async_sgd import trajectory

UPDATES, LIMIT = 40, 3.0


def draw() -> str:
    """The same step ηλ = 0.3 three times."""
    svg = Svg(700, 372, "梯度延迟 0、3、7 次更新时的下降曲线")
    left, right, top, bottom = 60.0, 670.0, 56.0, 316.0

    def place(t: int, w: float) -> tuple[float, float]:
        return left + (right - left) * t / UPDATES, (top + bottom) / 2 - (bottom - top) / 2 * w / LIMIT

    for value in (-2, 0, 2):
        y = place(0, value)[1]
        svg.line(left, y, right, y, opacity=0.45 if value == 0 else 0.2)
        svg.text(left - 10, y + 6, str(value).replace("-", "−"), anchor="end", size=18)
    for t in (0, 20, 40):
        svg.text(place(t, 0)[0], bottom + 24, str(t), size=18)
    svg.text((left + right) / 2, bottom + 48, "更新次数", size=19)
    for delay, color, dash in ((7, ACCENT2, ""), (3, INK, "7 5"), (0, ACCENT, "")):
        w = trajectory(0.3, delay, UPDATES)
        inside = [place(t, v) for t, v in enumerate(w) if abs(v) <= LIMIT]
        svg.polyline(inside, stroke=color, width=3, dash=dash)
    for i, (text, color, dash) in enumerate(
        (("同步", ACCENT, ""), ("晚 3 次", INK, "7 5"), ("晚 7 次：发散", ACCENT2, ""))
    ):
        x = left + 20 + i * 190
        svg.line(x, 24, x + 40, 24, stroke=color, width=3, opacity=1, dash=dash)
        svg.text(x + 50, 30, text, anchor="start", size=19)
    return svg.render()
