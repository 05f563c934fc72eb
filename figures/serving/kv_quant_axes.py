"""Outlier channels of the keys as stripes, and the two ways to group numbers."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.serving.kv_quant import HOT, made_up_cache


def draw() -> str:
    """Left: |K| of 16 tokens by 24 channels around the outliers; right: one group of each kind."""
    _, k, _ = made_up_cache()
    channels = sorted({c + o for c in HOT for o in range(-3, 3)})
    part = np.abs(k[:16][:, channels])
    svg = Svg(720, 340, "键的离群通道与两种分组")
    cell, x0, y0 = 15.0, 40.0, 50.0
    for r in range(16):
        for c in range(len(channels)):
            svg.rect(
                x0 + c * cell,
                y0 + r * cell,
                cell,
                cell,
                fill=ACCENT,
                opacity=round(min(part[r, c] / 12, 1), 2),
                stroke_opacity=0.06,
            )
    svg.rect(x0, y0, cell * len(channels), cell * 16)
    svg.text(x0 + cell * 12, y0 - 14, "通道", size=18)
    svg.text(x0 + cell * 12, y0 + cell * 16 + 28, "键的幅度，每行一个 token", size=18)
    gx = 440.0
    for name, x, color in (("按通道", gx, ACCENT), ("按 token", gx + 145, ACCENT2)):
        for r in range(8):
            for c in range(6):
                inside = c == 2 if name == "按通道" else r == 3
                svg.rect(
                    x + c * 19,
                    y0 + 20 + r * 19,
                    19,
                    19,
                    fill=color if inside else "none",
                    opacity=0.75,
                    stroke_opacity=0.3,
                )
        svg.text(x + 57, y0 + 6, name, size=20, bold=True, fill=color)
    svg.text(gx + 57, y0 + 202, "键用这种", size=18)
    svg.text(gx + 202, y0 + 202, "值用这种", size=18)
    svg.text(gx + 130, y0 + 240, "同色一组共用一个步长", size=17)
    return svg.render()
