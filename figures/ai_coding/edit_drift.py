"""Share of edits by line number that still hit their line, by how many were planned on one reading."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.ai_coding.edit_tools import batch

COUNTS = (1, 2, 3, 5, 7, 10)
RUNS = 60


def share(order: str, edits: int) -> float:
    """Mean over seeds of the share of edits by line number that were right."""
    runs = [batch(200, edits, 3, order, np.random.default_rng(seed))[0].right for seed in range(RUNS)]
    return sum(runs) / RUNS / edits


def draw() -> str:
    """Falling curves for line numbers, a flat line for quotation and for working upwards."""
    svg = Svg(700, 330, "一次读取后连做几处修改：按行号的命中率随处数下降，引用原文与自下而上始终为 1")
    left, right, top, base = 70.0, 660.0, 36.0, 258.0

    def at(k: float, value: float) -> tuple[float, float]:
        return left + (right - left) * (k - 1) / (COUNTS[-1] - 1), base - (base - top) * value

    svg.line(left, base, right, base)
    svg.line(left, base, left, top)
    for value in (0.0, 0.5, 1.0):
        svg.text(left - 10, at(1, value)[1] + 6, f"{value:.1f}", anchor="end", size=17)
    for k in COUNTS:
        svg.text(at(k, 0)[0], base + 24, str(k), size=17)
    svg.text((left + right) / 2, base + 52, "读一次文件后要改几处", size=18)
    svg.polyline([at(k, share("up", k)) for k in COUNTS], width=3)
    svg.polyline([at(k, share("random", k)) for k in COUNTS], stroke=ACCENT2, width=3, dash="8 5")
    svg.polyline([at(k, share("down", k)) for k in COUNTS], stroke=ACCENT2, width=3)
    svg.text(at(6.2, 0)[0], at(1, 1)[1] - 10, "引用原文；或按行号自下而上", size=18, fill=ACCENT)
    svg.text(at(6, 0)[0], at(1, 0.6)[1], "按行号，次序随机", anchor="start", size=18, fill=ACCENT2)
    svg.text(at(3.1, 0)[0], at(1, 0.14)[1], "按行号，自上而下", anchor="start", size=18, fill=ACCENT2)
    return svg.render()
