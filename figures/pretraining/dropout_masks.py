"""One input, three training passes with their masks, and evaluation."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.foundations.train_eval import dropout


def draw() -> str:
    """Bars of eight activations; p = 0.5, so that what is kept doubles."""
    svg = Svg(720, 350, "dropout 的三次训练前向与推理")
    rng = np.random.default_rng(3)
    x = np.array([0.6, 1.0, 0.4, 0.8, 0.5, 0.9, 0.7, 0.3])
    panels = [(f"训练 {i}", dropout(x, 0.5, True, rng), ACCENT) for i in (1, 2, 3)]
    panels.append(("推理", dropout(x, 0.5, False, rng), ACCENT2))
    for i, (name, y, color) in enumerate(panels):
        left, base = 20.0 + 350 * (i % 2), 128.0 + 160 * (i // 2)
        svg.text(left, base - 88, name, anchor="start", size=20, bold=True, fill=color)
        svg.line(left + 76, base, left + 330, base, opacity=0.5)
        for j, (value, before) in enumerate(zip(y, x, strict=True)):
            at = left + 82 + 31 * j
            svg.rect(at, base - 54 * float(before), 24, 54 * float(before), stroke_opacity=0.5, dash="3 3")
            if value:
                svg.rect(at, base - 54 * float(value), 24, 54 * float(value), fill=color, opacity=0.6)
            else:
                svg.text(at + 12, base + 19, "×", size=18)
    svg.text(360, 340, "虚线框是输入；p = 0.5，留下的值加倍", size=18)
    return svg.render()
