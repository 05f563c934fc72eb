"""Output error of 3-bit weights against AWQ's exponent."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.serving.awq import awq_scale, outlier_inputs, output_error, scaled


def draw() -> str:
    """Every exponent of the grid, on calibration inputs; the best one marked."""
    x = outlier_inputs(512, 256, np.random.default_rng(1))
    w = np.random.default_rng(5).standard_normal((256, 256)) * 0.05
    ratios = [i / 20 for i in range(21)]
    errors = [output_error(x, w, scaled(w, awq_scale(x, r), 3, 128)) for r in ratios]
    svg = Svg(680, 360, "AWQ 的指数与输出误差")
    left, right, top, bottom = 80.0, 640.0, 40.0, 280.0

    def place(r: float, e: float) -> tuple[float, float]:
        return left + (right - left) * r, bottom - (bottom - top) * e / 0.5

    for e in (0.0, 0.1, 0.2, 0.3, 0.4, 0.5):
        _, y = place(0, e)
        svg.line(left, y, right, y, opacity=0.15)
        svg.text(left - 12, y + 6, f"{e:g}", size=18, anchor="end")
    for r in (0.0, 0.25, 0.5, 0.75, 1.0):
        svg.text(place(r, 0)[0], bottom + 28, f"{r:g}", size=18)
    svg.polyline([place(r, e) for r, e in zip(ratios, errors, strict=True)], stroke=ACCENT, width=3)
    best = min(range(21), key=lambda i: errors[i])
    bx, by = place(ratios[best], errors[best])
    svg.circle(bx, by, 8, fill=ACCENT2)
    svg.text(bx, by + 32, f"最低 {errors[best]:.2f}", size=19, fill=ACCENT2, bold=True)
    svg.text(place(0, 0)[0] + 14, place(0, errors[0])[1] - 14, "四舍五入", size=19, anchor="start")
    svg.text((left + right) / 2, bottom + 62, "指数 α", size=19)
    svg.text(left, top - 14, "输出的相对误差", size=18, anchor="start")
    return svg.render()
