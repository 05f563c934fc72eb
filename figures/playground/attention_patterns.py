"""A sliding window of 8 over 64 tokens, and what the last token sees through one to eight layers of it."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.attention.sparse_masks import causal, reachable, sliding_window

N, WINDOW, LAYERS, CELL = 64, 8, 8, 5
MASK = sliding_window(N, WINDOW)
SEEN = np.array([reachable([MASK] * layers)[-1] for layers in range(1, LAYERS + 1)])
SHARE = MASK.sum() / causal(N).sum()


def draw() -> str:
    """What the widget shows at its start."""
    title = (
        f"滑动窗口 {WINDOW}、{N} 个 token：左为掩码，每层算 {MASK.sum()} 对，是因果的 {SHARE:.1%}；"
        f"右为最后一个 token 逐层能看到的输入，第 1 层 {SEEN[0].sum()} 个，第 {LAYERS} 层 {SEEN[-1].sum()} 个"
    )
    svg = Svg(720, 400, title)
    side = N * CELL
    for left, rows, high, color in ((16, MASK, CELL, ACCENT), (384, SEEN, side / LAYERS, ACCENT2)):
        for r, row in enumerate(rows):
            # One rectangle a run of seen keys, between the changes of the row.
            edges = np.flatnonzero(np.diff(np.concatenate([[0], row, [0]])))  # (2 · runs,)
            for first, last in edges.reshape(-1, 2):
                x, width = left + CELL * int(first), CELL * int(last - first)
                svg.rect(x, 16 + high * r, width, high, fill=color, opacity=0.85, stroke_opacity=0)
        svg.rect(left, 16, side, side)
    svg.text(16 + side / 2, 364, "行是查询，列是键", size=17)
    svg.text(16 + side / 2, 390, f"{MASK.sum()} 对，是因果的 {SHARE:.1%}", size=17)
    svg.text(384 + side / 2, 364, f"上为第 1 层，下为第 {LAYERS} 层", size=17)
    svg.text(384 + side / 2, 390, f"依赖的输入：{SEEN[0].sum()} 个到 {SEEN[-1].sum()} 个", size=17)
    return svg.render()
