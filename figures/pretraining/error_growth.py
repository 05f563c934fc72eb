"""Error per step with true prefixes and with the model's own."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.pretraining.exposure_bias import error_curve, train

LEFT, TOP, W, H, STEPS = 70.0, 30.0, 560.0, 240.0, 40


def draw() -> str:
    """The page's three curves over 40 steps."""
    svg = Svg(700, 340, "给真实前缀时每步错误率不变；读自己的输出时错误率逐步上升；计划采样让它升得少一些")
    table = train(1000, 1, np.random.default_rng(0))
    mild = train(1000, 0.75, np.random.default_rng(0))
    for share in (0, 0.1, 0.2, 0.3):
        y = TOP + H * (1 - share / 0.36)
        svg.line(LEFT, y, LEFT + W, y, opacity=0.15 if share else 0.6)
        svg.text(LEFT - 8, y + 5, f"{share:.0%}", size=15, anchor="end")
    for t in (1, 10, 20, 30, 40):
        svg.text(LEFT + W * (t - 1) / (STEPS - 1), TOP + H + 22, str(t), size=15)
    svg.text(LEFT + W / 2, TOP + H + 50, "生成到第几步", size=16)
    svg.text(LEFT, 18, "这一步续错的概率", size=16, anchor="start")
    curves = (
        (error_curve(table, STEPS, False), ACCENT2, "", "教师强制训练，读自己的输出", -12.0),
        (error_curve(mild, STEPS, False), INK, "6 4", "计划采样训练，读自己的输出", 26.0),
        (error_curve(table, STEPS, True), ACCENT, "", "教师强制训练，给真实前缀", -10.0),
    )
    for errors, color, dash, name, dy in curves:
        points = [(LEFT + W * t / (STEPS - 1), TOP + H * (1 - e / 0.36)) for t, e in enumerate(errors.tolist())]
        svg.polyline(points, stroke=color, width=2.5, dash=dash)
        svg.text(LEFT + W, points[-1][1] + dy, name, size=16, anchor="end", fill=color)
    return svg.render()
