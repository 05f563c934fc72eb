"""ARPO's rollout as a tree: one trajectory branches after the tool call whose entropy jumped."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.alignment.policy_losses import group_advantage, share_prefix

PREFIX = np.array([[0, 0, -1, -1], [0, 0, -1, -1], [-1] * 4, [-1] * 4])
"""Answers 0 and 1 share their first two segments; the other two were sampled from the start."""


def draw() -> str:
    """Each segment carries the advantage of its tokens: shared ones the mean, the rest their own."""
    svg = Svg(720, 330, "ARPO：共享前缀与分支的优势")
    own = np.tile(group_advantage(np.array([1.0, 0.0, 0.0, 1.0]))[:, None], (1, 4))  # (G, segments)
    value = share_prefix(own, PREFIX)
    x = [70.0, 200.0, 330.0, 460.0, 590.0]
    rows = [70.0, 130.0, 210.0, 270.0]
    middle = 100.0
    svg.circle(x[0] - 34, 185, 8)
    svg.text(x[0] - 34, 166, "题", size=18)
    for i in range(4):
        for j in range(4):
            shared = PREFIX[i, j] >= 0
            if shared and i > 0:
                continue
            row = middle if shared else rows[i]
            begin = middle if j == 2 and PREFIX[i, 1] >= 0 else row
            color = ACCENT if shared else ACCENT2 if value[i, j] < 0 else "currentColor"
            if j == 0:
                svg.line(x[0] - 34, 185, x[0], row, opacity=0.5)
            svg.line(x[j], begin, x[j + 1], row, stroke=color, width=4, opacity=0.9)
            text = f"{value[i, j]:+.0f}".replace("-", "−") if abs(value[i, j]) > 1e-9 else "0"
            svg.text((x[j] + x[j + 1]) / 2, (begin + row) / 2 + (24 if row > begin else -10), text, size=17)
        svg.text(x[4] + 12, rows[i] + 6, "对" if own[i, 0] > 0 else "错", anchor="start", size=18)
    svg.circle(x[2], middle, 8, fill=ACCENT)
    svg.text(x[2], middle - 62, "工具返回，熵跳升", size=17)
    svg.text((x[0] + x[2]) / 2, middle - 40, "共享前缀", size=17, fill=ACCENT)
    svg.text(x[2], 312, "数字是该段 token 的优势", size=17, opacity=0.8)
    return svg.render()
