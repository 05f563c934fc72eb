"""Share of each answer in the gradient under three ways of averaging, from the lab's weights."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.finetuning.sft_loss import accumulated, by_sample, by_token, shares

LENGTHS = np.array([10, 10, 10, 970])
WAYS = [
    ("按 token 平均", by_token(LENGTHS)),
    ("按样本平均", by_sample(LENGTHS)),
    ("累积，每批 2 条", accumulated(LENGTHS, 2)),
]


def draw() -> str:
    """One bar a way, cut into the four answers; the long one in the first accent."""
    svg = Svg(700, 270, "四条回答在梯度里的份额")
    left, width = 180.0, 490.0
    for row, (name, weights) in enumerate(WAYS):
        y = 14.0 + 68 * row
        svg.text(left - 14, y + 30, name, anchor="end", size=19)
        x = left
        for i, share in enumerate(shares(LENGTHS, weights)):
            long = i == len(LENGTHS) - 1
            w = width * float(share)
            svg.rect(x, y, w, 46, fill=ACCENT if long else ACCENT2, opacity=0.85 if long else 0.45)
            if w > 60:
                svg.text(x + w / 2, y + 30, f"{100 * share:.0f}%", size=19, bold=long)
            x += w
    svg.rect(left, 228, 18, 18, fill=ACCENT2, opacity=0.45)
    svg.text(left + 26, 244, "三条 10 token 的回答", anchor="start", size=19)
    svg.rect(left + 240, 228, 18, 18, fill=ACCENT, opacity=0.85)
    svg.text(left + 266, 244, "一条 970 token 的回答", anchor="start", size=19)
    return svg.render()
