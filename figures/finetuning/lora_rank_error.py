"""What rank r leaves of a nearly low-rank change of weights, and of one without preferred directions."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.finetuning.lora_rank import best_error, full_rank_target, low_rank_target

RANKS = [1, 2, 4, 8, 16, 32, 64]
LEFT, TOP, W, H = 80, 34, 560, 240


def draw() -> str:
    """Two curves over the rank, evenly spaced by doublings."""
    svg = Svg(700, 350, "增量的相对误差随秩的变化：近低秩目标骤降，满秩目标缓降")
    rng = np.random.default_rng(0)
    targets = (low_rank_target(rng), full_rank_target(rng))

    def xy(i: int, value: float) -> tuple[float, float]:
        return LEFT + W * i / (len(RANKS) - 1), TOP + H * (1 - value)

    for value in (0, 0.25, 0.5, 0.75, 1):
        svg.line(LEFT, xy(0, value)[1], LEFT + W, xy(0, value)[1], opacity=0.15)
        svg.text(LEFT - 10, xy(0, value)[1] + 5, f"{value:g}", anchor="end", size=15)
    for i, r in enumerate(RANKS):
        svg.text(xy(i, 0)[0], TOP + H + 24, str(r), size=15)
    svg.text(LEFT + W / 2, TOP + H + 54, "秩 r（目标为 64×64）", size=16)
    svg.text(LEFT, 20, "相对误差", anchor="start", size=16)
    for target, color, dash in zip(targets, (ACCENT, ACCENT2), ("", "8 5"), strict=True):
        points = [xy(i, best_error(target, r)) for i, r in enumerate(RANKS)]
        svg.polyline(points, stroke=color, width=3, dash=dash)
        for x, y in points:
            svg.circle(x, y, 4, fill=color)
    svg.text(xy(2, 0)[0] + 14, xy(0, 0.16)[1], "4 个强方向", size=17, anchor="start", fill=ACCENT, bold=True)
    svg.text(xy(4, 0)[0] + 6, xy(0, 0.7)[1], "没有强方向", size=17, anchor="start", fill=ACCENT2, bold=True)
    return svg.render()
