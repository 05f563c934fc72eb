"""Six tokens through a top-2 MoE layer with four experts: arrows are the choices of the lab's router."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.moe.layer import route

TOKENS = ["我", "爱", "写", "代", "码", "。"]
TOP, STEP = 70.0, 52.0


def draw() -> str:
    """Left: tokens. Right: experts, with their load; the thicker the line, the larger the weight."""
    svg = Svg(640, 420, "六个 token 各选两个专家，每个专家都有活干，但多少不均")
    rng = np.random.default_rng(3)
    ids, weights = route(rng.standard_normal((6, 8)), rng.standard_normal((8, 4)), 2)
    load = np.bincount(ids.ravel(), minlength=4)
    svg.text(90, 40, "token", size=19, bold=True)
    svg.text(320, 40, "路由器：每个 token 选 2 个", size=18)
    svg.text(545, 40, "专家", size=19, bold=True)
    for t, name in enumerate(TOKENS):
        y = TOP + t * STEP
        for slot in range(2):
            target = TOP + 23 + ids[t, slot] * 74
            svg.line(122, y + 19, 486, target, stroke=ACCENT, width=0.6 + 5 * float(weights[t, slot]), opacity=0.75)
        svg.rect(62, y, 58, 38, rx=5, fill=ACCENT2, opacity=0.3)
        svg.text(91, y + 26, name, size=20)
    for e in range(4):
        y = TOP + e * 74
        svg.rect(488, y, 120, 46, rx=5, fill=ACCENT, opacity=0.25)
        svg.text(548, y + 30, f"FFN {e + 1}：{load[e]}", size=19)
    svg.text(320, 404, "线越粗，门控权重越大；专家名后是收到的 token 数", size=17, opacity=0.85)
    return svg.render()
