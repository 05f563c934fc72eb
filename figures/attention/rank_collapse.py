"""Share of the differences between tokens after each layer, with and without mask and residual."""

from __future__ import annotations

from math import log10

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.attention.attention_rank import stack

LAYERS, LOWEST = 8, -8
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
LEFT, RIGHT, TOP, BOTTOM = 84, 560, 60, 320


def curve(masked: bool, skip: bool) -> list[tuple[float, float]]:
    """Points of one stack (n = d = 32, seed 0), cut where the share falls below 10^-8."""
    points = []
    for layer, share in enumerate(stack(np.random.default_rng(0), 32, 32, LAYERS, masked, skip)):
        level = max(log10(share), LOWEST)
        points.append((LEFT + (RIGHT - LEFT) * layer / LAYERS, TOP + (BOTTOM - TOP) * level / LOWEST))
        if level == LOWEST:
            break
    return points


def draw() -> str:
    """Three stacks on a logarithmic scale."""
    svg = Svg(
        720,
        390,
        "词元之间的差异随层数的变化：双向纯注意力第 4 层归零，因果纯注意力缓慢下降，加残差后降得最慢",
    )
    svg.text(LEFT - 60, 30, "词元差异所占的比例", size=15, anchor="start")
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
    for layer in range(0, LAYERS + 1, 2):
        x = LEFT + (RIGHT - LEFT) * layer / LAYERS
        svg.line(x, BOTTOM, x, BOTTOM + 6, opacity=0.5)
        svg.text(x, BOTTOM + 24, str(layer), size=14)
    svg.line(LEFT, BOTTOM, RIGHT, BOTTOM, opacity=0.5)
    svg.text((LEFT + RIGHT) / 2, BOTTOM + 52, "层数", size=15)
    svg.polyline(curve(False, True), stroke="currentColor", width=2, dash="5 4")
    svg.text(RIGHT + 10, curve(False, True)[-1][1] + 4, "双向 + 残差", size=15, anchor="start")
    svg.polyline(curve(True, False), stroke=ACCENT2, width=2.5)
    svg.text(
        RIGHT + 10,
        curve(True, False)[-1][1] + 8,
        "因果，无残差",
        size=15,
        anchor="start",
        fill=ACCENT2,
        bold=True,
    )
    svg.polyline(curve(False, False), stroke=ACCENT, width=2.5)
    svg.text(
        curve(False, False)[-1][0] + 14,
        BOTTOM - 40,
        "双向，无残差",
        size=15,
        anchor="start",
        fill=ACCENT,
        bold=True,
    )
    return svg.render()
