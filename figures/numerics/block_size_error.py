"""INT4 error against block size, for normal weights and for the same with one outlier in 4096."""

from __future__ import annotations

from math import log2

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.numerics.blockwise import rms_error

LEFT, RIGHT, TOP, BOTTOM = 64.0, 560.0, 40.0, 280.0
SIZES = (16, 32, 64, 128, 256, 512, 1024, 2048, 4096)


def draw() -> str:
    """Root mean square error in units of sigma."""
    svg = Svg(660, 352, "块越小，离群值连累的权重越少")
    clean = np.random.default_rng(0).standard_normal(65_536)
    spoilt = clean.copy()
    spoilt[::4096] = 50

    def point(size: int, error: float) -> tuple[float, float]:
        return (
            LEFT + (RIGHT - LEFT) * (log2(size) - 4) / 8,
            BOTTOM - (BOTTOM - TOP) * error / 1.0,
        )

    svg.line(LEFT, BOTTOM, RIGHT, BOTTOM)
    svg.line(LEFT, BOTTOM, LEFT, TOP)
    for level in (0.2, 0.4, 0.6, 0.8, 1.0):
        y = point(16, level)[1]
        svg.line(LEFT, y, RIGHT, y, opacity=0.2)
        svg.text(LEFT - 8, y + 6, f"{level:.1f}", size=16, anchor="end")
    for data, color, label in ((spoilt, ACCENT2, "有离群值"), (clean, ACCENT, "纯正态")):
        points = [point(size, rms_error(data, 4, size)) for size in SIZES]
        svg.polyline(points, stroke=color, width=3)
        for px, py in points:
            svg.circle(px, py, 4, fill=color)
        svg.text(points[-1][0] + 12, points[-1][1] + 6, label, size=18, anchor="start", fill=color, bold=True)
    for size in SIZES[::2]:
        svg.text(point(size, 0)[0], BOTTOM + 24, str(size), size=16)
    svg.text(LEFT - 40, 24, "误差 ÷ σ", size=17, anchor="start")
    svg.text((LEFT + RIGHT) / 2, BOTTOM + 56, "每块多少个权重", size=17)
    return svg.render()
