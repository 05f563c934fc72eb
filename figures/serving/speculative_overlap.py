"""Accepting is the overlap of draft and target, rejecting draws from what is left of the target."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.serving.speculative import acceptance_rate, residual

P = np.array([0.6, 0.3, 0.1])
Q = np.array([0.3, 0.3, 0.4])


def draw() -> str:
    """Three tokens: overlap filled, the surplus of p outlined in its colour, of q in the other."""
    svg = Svg(700, 330, "投机解码：重叠与残差")
    base, scale = 250.0, 330.0
    rest = residual(P, Q) * (1 - acceptance_rate(P, Q))
    for i in range(3):
        x = 60 + i * 140
        low = min(P[i], Q[i])
        svg.rect(x, base - scale * low, 90, scale * low, fill=ACCENT, opacity=0.75, stroke_opacity=0)
        svg.text(x + 45, base - scale * low / 2 + 7, f"{low:.1f}", size=20)
        if P[i] > Q[i]:
            svg.rect(x, base - scale * P[i], 90, scale * rest[i], fill=ACCENT, opacity=0.2, stroke=ACCENT, dash="5 4")
            svg.text(x + 45, base - scale * (low + rest[i] / 2) + 7, f"+{rest[i]:.1f}", size=20, fill=ACCENT)
        if Q[i] > P[i]:
            svg.rect(x, base - scale * Q[i], 90, scale * (Q[i] - low), stroke=ACCENT2, dash="5 4", stroke_opacity=1)
            svg.text(x + 45, base - scale * (low + (Q[i] - low) / 2) + 7, f"{Q[i] - low:.1f}", size=20, fill=ACCENT2)
        svg.text(x + 45, base + 28, f"token {i + 1}", size=18)
    svg.line(45, base, 445, base)
    svg.rect(480, 78, 20, 20, fill=ACCENT, opacity=0.75, stroke_opacity=0)
    svg.text(508, 95, f"接受，共 {acceptance_rate(P, Q):.1f}", size=19, anchor="start")
    svg.rect(480, 122, 20, 20, fill=ACCENT, opacity=0.2, stroke=ACCENT, dash="5 4")
    svg.text(508, 139, "残差，被拒后抽", size=19, anchor="start")
    svg.rect(480, 166, 20, 20, stroke=ACCENT2, dash="5 4", stroke_opacity=1)
    svg.text(508, 183, "草稿多给的，拒绝", size=19, anchor="start")
    svg.text(250, 312, "实心与浅色相加恰好是目标分布 0.6、0.3、0.1", size=19)
    return svg.render()
