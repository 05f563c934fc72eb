"""The regularised optimum of three answers for a strong, a middling and a weak penalty."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.alignment.kl_optimum import optimum

REF = np.array([0.5, 0.3, 0.2])
REWARD = np.array([0.0, 1.0, 2.0])


def draw() -> str:
    """Four groups of three bars: the reference, then β = 10, 1 and 0.1."""
    svg = Svg(720, 320, "三个回答的最优策略：β = 10 时几乎等于参考，β = 1 时偏向高奖励，β = 0.1 时全部压在最高奖励上")
    groups = [("参考策略", REF)] + [(f"β = {b:g}", optimum(REF, REWARD, b)) for b in (10.0, 1.0, 0.1)]
    base, height = 240.0, 190.0
    for g, (name, pi) in enumerate(groups):
        left = 40 + g * 172
        for a, p in enumerate(pi):
            x, h = left + a * 44, height * float(p)
            color = (INK, ACCENT2, ACCENT)[a]
            svg.rect(x, base - h, 36, h, fill=color, opacity=0.35 if a == 0 else 0.8, stroke_opacity=0.3)
            svg.text(x + 18, base - h - 7, f"{p:.2f}", size=14)
            svg.text(x + 18, base + 20, f"r={REWARD[a]:g}", size=14)
        svg.line(left - 8, base, left + 132, base)
        svg.text(left + 62, base + 52, name, size=17, bold=True)
    return svg.render()
