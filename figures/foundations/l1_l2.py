"""What one penalty step makes of a weight, and the 20 weights of a sparse regression under L1 and L2."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.foundations.regularization import fit, prox_l1, prox_l2, sparse_task

STRENGTH = 0.4


def draw() -> str:
    """Left: the two maps. Right: the weights, one row a penalty."""
    svg = Svg(740, 340, "左：L1 软阈值与 L2 收缩对一个权重的作用；右：稀疏回归的 20 个权重")
    cx, cy, unit = 160.0, 172.0, 120.0
    svg.text(cx, 24, f"近端一步，强度 {STRENGTH}", size=17, bold=True)
    svg.line(cx - 130, cy, cx + 130, cy, opacity=0.35)
    svg.line(cx, cy + 130, cx, cy - 130, opacity=0.35)
    svg.line(cx - unit, cy + unit, cx + unit, cy - unit, dash="3 4", opacity=0.4)
    w = np.linspace(-1, 1, 81)  # (n,)
    for prox, color in ((prox_l2, ACCENT2), (prox_l1, ACCENT)):
        u = prox(w, STRENGTH)  # (n,)
        points = [(cx + unit * a, cy - unit * b) for a, b in zip(w.tolist(), u.tolist(), strict=True)]
        svg.polyline(points, stroke=color, width=3)
    svg.text(cx - unit - 8, cy + 0.6 * unit - 26, "L1", size=16, bold=True)
    svg.text(cx - unit + 22, cy + 0.714 * unit + 18, "L2", size=16, bold=True)
    svg.text(cx + 128, cy - 6, "w", size=16, italic=True, anchor="end")
    svg.text(cx + 8, cy - 122, "更新后", size=15, anchor="start")
    x, y = sparse_task()
    left, step = 378.0, 17.4
    for row, (penalty, color, name) in enumerate((("l1", ACCENT, "L1"), ("l2", ACCENT2, "L2"))):
        weights = fit(x, y, penalty, 0.1)  # (d,)
        base = 118.0 + 150 * row
        svg.line(left, base, left + 20 * step, base, opacity=0.5)
        zeros = int((weights == 0).sum())
        svg.text(left + 5 * step, base - 50, f"{name}：{zeros} 个恰为 0", size=17, anchor="start")
        for i, value in enumerate(weights.tolist()):
            height = 36 * abs(value)
            if height:
                svg.rect(
                    left + i * step + 2,
                    base - height if value > 0 else base,
                    step - 4,
                    height,
                    fill=color,
                    opacity=0.85,
                    stroke_opacity=0.3,
                )
    svg.text(left + 10 * step, 24, "20 个权重（真正有用的是前 3 个）", size=17, bold=True)
    return svg.render()
