"""Ring all-reduce on four cards: how many cards' numbers each chunk already contains, after every step."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.distributed.ring_allreduce import ring_all_reduce

N, CELL = 4, 36.0


def draw() -> str:
    """Everybody starts with ones, so that the state itself counts the contributions."""
    _, history = ring_all_reduce(np.ones((N, N, 1)))
    svg = Svg(700, 452, "环形 all-reduce 六步中每块已累加的卡数")
    titles = ["开始", "第 1 步", "第 2 步", "第 3 步", "第 4 步", "第 5 步", "第 6 步"]
    for i, (state, title) in enumerate(zip(history, titles, strict=True)):
        x, y = 44 + (i % 4) * 166, 56 + (i // 4) * 216
        svg.text(x + 2 * CELL, y - 10, title, size=18, bold=True)
        for r in range(N):
            for c in range(N):
                count = int(state[r, c, 0])
                full = count == N
                svg.rect(x + c * CELL, y + r * CELL, CELL, CELL, fill=ACCENT2 if full else ACCENT,
                         opacity=0.6 if full else 0.12 + 0.16 * (count - 1))  # fmt: skip
                svg.text(x + (c + 0.5) * CELL, y + r * CELL + 25, str(count), size=18, bold=full)
    svg.text(20, 22, "前三步：相加（reduce-scatter）", anchor="start", size=19)
    svg.text(20, 238, "后三步：复制（all-gather）", anchor="start", size=19)
    svg.text(546, 320, "行：卡", anchor="start", size=19, opacity=0.85)
    svg.text(546, 350, "列：块", anchor="start", size=19, opacity=0.85)
    svg.text(546, 380, "数：已累加的卡数", anchor="start", size=18, opacity=0.85)
    return svg.render()
