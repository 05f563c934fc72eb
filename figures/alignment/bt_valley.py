"""Level lines of the Bradley-Terry loss of two answers: a valley along the diagonal, and the point that L2 picks."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.alignment.bradley_terry import fit, nll

WINS = np.array([[0.0, 7.0], [3.0, 0.0]])
X0, X1, Y0, Y1, SPAN = 90.0, 410.0, 350.0, 30.0, 2.0


def draw() -> str:
    """Each line joins scores with one difference, hence one loss."""
    svg = Svg(
        700, 410, "两个回答的 Bradley-Terry 损失的等高线是一组平行的斜线，谷底是一整条直线，均值为 0 的解是其中一点"
    )

    def point(a: float, b: float) -> tuple[float, float]:
        return X0 + (X1 - X0) * (a + SPAN) / (2 * SPAN), Y0 + (Y1 - Y0) * (b + SPAN) / (2 * SPAN)

    svg.rect(X0, Y1, X1 - X0, Y0 - Y1, stroke_opacity=0.4)
    best = fit(WINS)
    gap = float(best[0] - best[1])
    for shift in (-2, -1, 0, 1, 2):
        d = gap + shift
        low, high = max(-SPAN, -SPAN + d), min(SPAN, SPAN + d)
        start, end = point(low, low - d), point(high, high - d)
        color = ACCENT if shift == 0 else "currentColor"
        svg.line(*start, *end, stroke=color, width=4 if shift == 0 else 1.5, opacity=1 if shift == 0 else 0.45)
        loss = nll(np.array([d / 2, -d / 2]), WINS)
        x, y = end
        svg.text(
            x + (8 if high == SPAN else 0), y + (5 if high == SPAN else -8), f"{loss:.1f}", size=15, anchor="start"
        )
    x, y = point(float(best[0]), float(best[1]))
    svg.circle(x, y, 8, fill=ACCENT2)
    svg.text(470, 120, "粗线：损失最小，", size=16, anchor="start")
    svg.text(470, 144, "整条线上一样好", size=16, anchor="start")
    svg.text(470, 200, "圆点：均值为 0 的解", size=16, anchor="start")
    svg.text((X0 + X1) / 2, Y0 + 34, "A 的分数", size=16)
    svg.text(X0 - 12, (Y0 + Y1) / 2, "B 的", size=16, anchor="end")
    svg.text(X0 - 12, (Y0 + Y1) / 2 + 20, "分数", size=16, anchor="end")
    return svg.render()
