"""Adam's step over its rate for a constant gradient, without and with bias correction."""

from __future__ import annotations

from math import log10

import numpy as np

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.pretraining.optimizers import Adam, run


def steps(b2: float, correct: bool, n: int = 3000) -> list[float]:
    """Sizes of the first `n` steps at rate 1."""
    path = run(Adam(1.0, (0.9, b2), correct=correct), np.zeros(1), lambda w: np.ones(1), n)
    return [float(s) for s in -np.diff(path[:, 0])]


def draw() -> str:
    """Step number on a logarithmic axis."""
    svg = Svg(700, 370, "有无偏差校正时 Adam 的步长")
    left, right, top, bottom = 60.0, 680.0, 40.0, 300.0

    def place(t: float, size: float) -> tuple[float, float]:
        return left + (right - left) * log10(t) / log10(3000), bottom - (bottom - top) * size / 7

    for t in (1, 10, 100, 1000):
        x, _ = place(t, 0)
        svg.line(x, top, x, bottom, opacity=0.12)
        svg.text(x, bottom + 24, str(t), size=17)
    for size in range(0, 8, 2):
        _, y = place(1, size)
        svg.line(left, y, right, y, opacity=0.15)
        svg.text(left - 10, y + 6, str(size), anchor="end", size=17)
    for values, color, dash in [
        (steps(0.999, False), ACCENT2, ""),
        (steps(0.95, False), ACCENT, ""),
        (steps(0.999, True), INK, "6 5"),
    ]:
        chosen = sorted({round(10 ** (k / 40)) for k in range(139)})
        svg.polyline([place(t, values[t - 1]) for t in chosen], stroke=color, width=2.6, dash=dash)
    svg.text(*place(50, 6.0), "β2 = 0.999，不校正", anchor="start", size=19, fill=ACCENT2, bold=True)
    svg.text(*place(1.15, 1.35), "校正后恒为 1", anchor="start", size=18)
    svg.text(*place(3, 0.22), "β2 = 0.95，不校正", anchor="start", size=19, fill=ACCENT, bold=True)
    svg.text((left + right) / 2, bottom + 52, "步数 t", size=18)
    svg.text(14, top - 14, "步长 ÷ 学习率", anchor="start", size=18)
    return svg.render()
