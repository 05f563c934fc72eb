"""Loss against model size at fixed compute: three valleys and the line through their bottoms."""

from __future__ import annotations

from math import log10

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.pretraining.scaling_laws import REFIT

LEFT, TOP, W, H = 70.0, 30.0, 560.0, 280.0
LOW, HIGH = 8.0, 12.0  # log10 N
FLOOR, CEIL = 1.8, 2.9


def draw() -> str:
    """Budgets 1e20, 1e22, 1e24 by the refitted law."""
    svg = Svg(700, 380, "固定计算量时，损失随参数量先降后升；计算量越大，谷底越低、越靠右")

    def xy(n: float, loss: float) -> tuple[float, float]:
        return LEFT + W * (log10(n) - LOW) / (HIGH - LOW), TOP + H * (CEIL - loss) / (CEIL - FLOOR)

    for loss in (2.0, 2.2, 2.4, 2.6, 2.8):
        y = xy(1e9, loss)[1]
        svg.line(LEFT, y, LEFT + W, y, opacity=0.13)
        svg.text(LEFT - 8, y + 5, f"{loss:.1f}", size=15, anchor="end")
    svg.line(LEFT, TOP + H, LEFT + W, TOP + H, opacity=0.6)
    for n, name in ((1e8, "0.1B"), (1e9, "1B"), (1e10, "10B"), (1e11, "100B"), (1e12, "1T")):
        svg.text(xy(n, 2)[0], TOP + H + 22, name, size=15)
    svg.text(LEFT + W / 2, TOP + H + 48, "参数量 N（对数刻度）", size=16)
    svg.text(LEFT + 4, TOP - 8, "损失（nat / token）", size=16, anchor="start")
    bottoms = []
    for power in (20, 22, 24):
        c = 10.0**power
        best, _ = REFIT.optimum(c)
        sizes = np.geomspace(best / 14, best * 14, 60)
        kept = [(n, float(REFIT.loss(n, c / 6 / n))) for n in sizes.tolist() if 1e8 <= n <= 1e12]
        svg.polyline([xy(n, v) for n, v in kept if v < CEIL], stroke=ACCENT, width=2.5)
        low = xy(best, float(REFIT.loss(*REFIT.optimum(c))))
        bottoms.append(low)
        svg.text(low[0] + 32, low[1] - 20, f"C = 1e{power}", size=16, bold=True)
    svg.polyline(bottoms, stroke=ACCENT2, width=2, dash="6 4")
    for x, y in bottoms:
        svg.circle(x, y, 5, fill=ACCENT2)
    svg.line(410, 74, 446, 74, stroke=ACCENT2, width=2, dash="6 4")
    svg.text(454, 79, "谷底连线：N ∝ C^0.51", size=16, anchor="start", fill=ACCENT2)
    return svg.render()
