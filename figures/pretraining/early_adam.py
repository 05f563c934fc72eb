"""Adam's step on pure noise over training steps, and RAdam's rectification beside it, from the lab."""

from __future__ import annotations

from math import log10

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.pretraining.warmup import adam_updates, noise, rectification


def draw() -> str:
    """Step number on a logarithmic axis, 1 to 1000 for the simulation and to 10 000 for the factor."""
    svg = Svg(700, 370, "Adam 的头几步与 RAdam 的修正系数")
    left, right, top, bottom = 60.0, 665.0, 30.0, 300.0

    def place(t: float, value: float) -> tuple[float, float]:
        return left + (right - left) * log10(t) / 4, bottom - (bottom - top) * value / 1.1

    for t in (1, 10, 100, 1000, 10_000):
        x, _ = place(t, 0)
        svg.line(x, top, x, bottom, opacity=0.12)
        svg.text(x, bottom + 24, str(t), size=17)
    for value in (0.0, 0.5, 1.0):
        _, y = place(1, value)
        svg.line(left, y, right, y, opacity=0.15)
        svg.text(left - 10, y + 6, f"{value:g}", anchor="end", size=17)
    size = np.sqrt((adam_updates(noise()) ** 2).mean(axis=1))  # (1000,)
    early = sorted({round(10 ** (k / 20)) for k in range(61)})
    svg.polyline([place(t, float(size[t - 1])) for t in early], stroke=ACCENT2, width=3)
    late = sorted({round(10 ** (k / 20)) for k in range(81)})
    svg.polyline([place(t, rectification(t)) for t in late], stroke=ACCENT, width=3)
    svg.text(*place(3.2, 0.72), "纯噪声下的更新幅度", anchor="start", size=19, fill=ACCENT2, bold=True)
    svg.text(*place(700, 0.42), "RAdam 系数 r", anchor="start", size=19, fill=ACCENT, bold=True)
    svg.text((left + right) / 2, bottom + 52, "步数 t", size=18)
    return svg.render()
