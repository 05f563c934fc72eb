"""Six sparse patterns side by side: rows are queries, columns are keys."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.attention import sparse_masks as sm

N, CELL = 12, 16
SIDE = N * CELL


def draw() -> str:
    """Window, dilated, strided, fixed, window with a global token, BigBird; second part in accent 2."""
    empty = np.zeros((N, N), dtype=bool)
    hub = sm.big_bird(N, 2, 1, 0, np.random.default_rng(0))
    band = sm.big_bird(N, 2, 0, 0, np.random.default_rng(0))
    random = sm.big_bird(N, 2, 1, 2, np.random.default_rng(5))
    panels = [
        ("滑动窗口", sm.sliding_window(N, 4), empty),
        ("空洞窗口", sm.dilated(N, 3, 3), empty),
        ("跨步：近邻＋等距", *sm.strided(N, 4)),
        ("固定：本块＋摘要位", *sm.fixed(N, 4, 1)),
        ("窗口＋全局词", band, hub),
        ("再加随机：BigBird", band, random),
    ]
    svg = Svg(720, 524, "六种稀疏注意力掩码：滑动窗口、空洞窗口、跨步、固定、窗口加全局、BigBird")
    for index, (name, first, second) in enumerate(panels):
        x0, y0 = 24 + index % 3 * 240, 34 + index // 3 * 252
        svg.text(x0 + SIDE / 2, y0 - 12, name, size=17, bold=True)
        for i in range(N):
            for j in range(N):
                if first[i, j] or second[i, j]:
                    x, y = x0 + j * CELL, y0 + i * CELL
                    fill = ACCENT if first[i, j] else ACCENT2
                    svg.rect(x + 0.5, y + 0.5, CELL - 1, CELL - 1, fill=fill, opacity=0.85, stroke="none")
        svg.rect(x0, y0, SIDE, SIDE)
    svg.text(360, 508, "行是查询，列是键；有色的格子可见", size=16)
    return svg.render()
