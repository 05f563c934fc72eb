"""What five Newton–Schulz steps do to a singular value: tuned and classic coefficients, from the lab's iteration."""

from __future__ import annotations

from math import log10

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.pretraining.muon import CLASSIC, TUNED


def after(s: float, coefficients: tuple[float, float, float], steps: int = 5) -> float:
    """The scalar map σ ↦ aσ + bσ³ + cσ⁵, `steps` times."""
    a, b, c = coefficients
    for _ in range(steps):
        s = a * s + b * s**3 + c * s**5
    return s


def draw() -> str:
    """Singular value before (logarithmic, after division by the Frobenius norm) and after five steps."""
    svg = Svg(700, 380, "五步 Newton–Schulz 前后的奇异值")
    left, right, top, bottom = 66.0, 680.0, 40.0, 310.0

    def place(before: float, value: float) -> tuple[float, float]:
        return left + (right - left) * (log10(before) + 4) / 4, bottom - (bottom - top) * value / 1.3

    for tick in (0.0001, 0.001, 0.01, 0.1, 1.0):
        x, _ = place(tick, 0)
        svg.line(x, top, x, bottom, opacity=0.12)
        svg.text(x, bottom + 24, f"{tick:g}", size=17)
    for value in (0.0, 0.5, 1.0):
        _, y = place(1, value)
        svg.line(left, y, right, y, opacity=0.5 if value == 1 else 0.15, dash="5 4" if value == 1 else "")
        svg.text(left - 10, y + 6, f"{value:g}", anchor="end", size=17)
    grid = [float(s) for s in np.logspace(-4, 0, 241)]
    svg.polyline([place(s, after(s, TUNED)) for s in grid], stroke=ACCENT, width=3)
    svg.polyline([place(s, after(s, CLASSIC)) for s in grid], stroke=ACCENT2, width=3)
    svg.text(*place(0.0006, 0.72), "Muon 的系数", anchor="end", size=19, fill=ACCENT, bold=True)
    svg.text(*place(0.035, 0.3), "经典系数", anchor="start", size=19, fill=ACCENT2, bold=True)
    svg.text((left + right) / 2, bottom + 54, "迭代前的奇异值（已除以 Frobenius 范数）", size=18)
    svg.text(left - 40, top - 14, "五步之后", anchor="start", size=18)
    return svg.render()
