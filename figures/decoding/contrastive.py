"""Expert and amateur probabilities of five tokens, their log ratio, and the plausible set."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.decoding.contrastive import contrast, plausible

EXPERT = np.array([0.42, 0.30, 0.20, 0.075, 0.005])
AMATEUR = np.array([0.60, 0.30, 0.05, 0.0499, 0.0001])
NAMES = ["重复", "套话", "事实", "另一说", "乱码"]


def draw() -> str:
    """Above: probabilities; below: the difference of logs, faded where the token is not plausible."""
    svg = Svg(700, 420, "对比解码")
    gain, ok = contrast(np.log(EXPERT), np.log(AMATEUR), alpha=0), plausible(np.log(EXPERT), 0.1)
    best = int(contrast(np.log(EXPERT), np.log(AMATEUR)).argmax())
    base, zero = 190.0, 345.0
    line = base - 270 * 0.1 * EXPERT.max()
    for i, name in enumerate(NAMES):
        x = 78 + i * 124
        svg.rect(x, base - 270 * EXPERT[i], 34, max(270 * EXPERT[i], 1), fill=ACCENT, opacity=0.75, stroke_opacity=0)
        svg.rect(
            x + 38, base - 270 * AMATEUR[i], 34, max(270 * AMATEUR[i], 1), fill=ACCENT2, opacity=0.75, stroke_opacity=0
        )
        svg.text(x + 36, base + 24, name, size=20, bold=i == best)
        height = 24 * gain[i]
        svg.rect(
            x + 14,
            zero - max(height, 0),
            44,
            max(abs(height), 1),
            fill=ACCENT if i == best else "currentColor",
            opacity=0.8 if ok[i] else 0.2,
            stroke_opacity=0 if ok[i] else 0.6,
            dash="" if ok[i] else "4 3",
        )
        y = zero - max(height, 0) - 7 if height >= -0.5 else zero + abs(height) + 20
        svg.text(x + 36, y, f"{gain[i] + 0.0:.2f}".replace("-", "−"), size=18, bold=i == best)
    svg.line(60, base, 690, base)
    svg.line(60, line, 690, line, stroke=ACCENT, dash="6 4", width=2)
    svg.text(690, line - 8, "可信线（专家）", size=17, anchor="end", fill=ACCENT)
    svg.line(60, zero, 690, zero)
    svg.text(300, 30, "■ 专家", size=18, anchor="start", fill=ACCENT)
    svg.text(390, 30, "■ 业余", size=18, anchor="start", fill=ACCENT2)
    svg.text(60, 408, "对数之差：最大的不可信，可信中最大的胜出", size=18, anchor="start")
    return svg.render()
