"""Singular values of random attention scores and of their softmax with and without the causal mask."""

from __future__ import annotations

from math import log10

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.attention.attention_rank import Array, attention_matrices

N, D_H = 64, 8
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
LEFT, RIGHT, TOP, BOTTOM = 84, 640, 60, 320
LOWEST = -6


def curve(matrix: Array) -> list[tuple[float, float]]:
    """Points of the spectrum, relative to the largest value, cut at 10^-6."""
    sigma = np.linalg.svd(matrix, compute_uv=False)
    points = []
    for index, value in enumerate(sigma / sigma[0]):
        level = max(log10(max(float(value), 1e-300)), LOWEST)
        points.append((LEFT + (RIGHT - LEFT) * index / (N - 1), TOP + (BOTTOM - TOP) * level / LOWEST))
        if level == LOWEST:
            break
    return points


def draw() -> str:
    """Three spectra on a logarithmic scale."""
    svg = Svg(720, 390, "奇异值谱：QK^T 在第 8 个之后归零，双向 softmax 缓降，因果 softmax 末端骤降")
    scores, free, masked = attention_matrices(np.random.default_rng(0), N, D_H)
    svg.text(LEFT - 60, 30, "奇异值 / 最大奇异值", size=15, anchor="start")
    for power in range(0, LOWEST - 1, -2):
        y = TOP + (BOTTOM - TOP) * power / LOWEST
        svg.line(LEFT, y, RIGHT, y, opacity=0.15)
        svg.text(
            LEFT - 10,
            y + 5,
            "1" if power == 0 else f"10{str(power).translate(RAISED)}",
            size=14,
            anchor="end",
        )
    for index in (1, 8, 16, 32, 48, 64):
        x = LEFT + (RIGHT - LEFT) * (index - 1) / (N - 1)
        svg.line(x, BOTTOM, x, BOTTOM + 6, opacity=0.5)
        svg.text(x, BOTTOM + 24, str(index), size=14)
    svg.line(LEFT, BOTTOM, RIGHT, BOTTOM, opacity=0.5)
    svg.text((LEFT + RIGHT) / 2, BOTTOM + 52, "第几个奇异值", size=15)
    svg.polyline(curve(scores), stroke="currentColor", width=2, dash="5 4")
    svg.text(LEFT + 76, 236, "QKᵀ", size=16, anchor="start")
    svg.polyline(curve(free), stroke=ACCENT, width=2.5)
    svg.text(400, 214, "双向 softmax", size=16, anchor="end", fill=ACCENT, bold=True)
    svg.polyline(curve(masked), stroke=ACCENT2, width=2.5)
    svg.text(430, 92, "因果 softmax", size=16, anchor="start", fill=ACCENT2, bold=True)
    return svg.render()
