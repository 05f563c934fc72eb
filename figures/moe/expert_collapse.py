"""Load of eight experts during training, with and without balancing."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.moe.collapse import train

LEFT, WIDE, TOP, HIGH = 56.0, 270.0, 60.0, 210.0


def draw() -> str:
    """Two plots of the eight loads over 300 steps, each a mean of 10 steps."""
    svg = Svg(720, 370, "不做均衡：一个专家升到一半，四个降到零；加均衡损失：八个都在八分之一附近")
    for i, (title, alpha, color) in enumerate((("没有均衡损失", 0.0, ACCENT2), ("有均衡损失", 3.0, ACCENT))):
        load = train(alpha)[1].reshape(30, 10, 8).mean(axis=1)  # (30, E)
        x0 = LEFT + i * (WIDE + 76)
        dead = int((load[-5:].mean(axis=0) < 0.01).sum())
        svg.text(x0, 34, f"{title}：{dead} 个闲置", size=19, anchor="start", bold=True)
        for share in (0, 0.2, 0.4, 0.6):
            y = TOP + HIGH * (1 - share / 0.65)
            svg.line(x0, y, x0 + WIDE, y, opacity=0.15 if share else 0.7)
            svg.text(x0 - 6, y + 5, f"{share:.0%}", size=15, anchor="end")
        for e in range(8):
            points = [
                (x0 + WIDE * (s + 0.5) / 30, TOP + HIGH * (1 - v / 0.65)) for s, v in enumerate(load[:, e].tolist())
            ]
            svg.polyline(points, stroke=color, width=2)
        for step in np.arange(0, 301, 100).tolist():
            svg.text(x0 + WIDE * step / 300, TOP + HIGH + 24, str(step), size=15)
        svg.text(x0 + WIDE / 2, TOP + HIGH + 54, "训练步", size=17)
    return svg.render()
