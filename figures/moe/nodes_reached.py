"""On how many of eight nodes are a token's eight experts: unrestricted top-8 against four nodes at most."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.moe.group_limited import group_limited, nodes_reached
from labs.moe.layer import top_k

LEFT, WIDE, TOP, HIGH = 60.0, 560.0, 54.0, 220.0


def draw() -> str:
    """Pairs of bars over the number of nodes."""
    svg = Svg(660, 380, "不受限时多数 token 触达 5 到 6 个节点；受限后最多 4 个")
    scores = np.random.default_rng(0).random((4096, 256))
    free = nodes_reached(top_k(scores, 8), 256, 8)
    limited = nodes_reached(group_limited(scores, np.zeros(256), 8, 4, 8)[0], 256, 8)
    for share in (0, 0.25, 0.5, 0.75, 1):
        y = TOP + HIGH * (1 - share)
        svg.line(LEFT, y, LEFT + WIDE, y, opacity=0.15 if share else 0.7)
        svg.text(LEFT - 8, y + 5, f"{share:.0%}", size=15, anchor="end")
    for nodes in range(1, 9):
        x = LEFT + (nodes - 1) * WIDE / 8 + 10
        for j, (values, color) in enumerate(((free, ACCENT2), (limited, ACCENT))):
            h = HIGH * float((values == nodes).mean())
            if h > 0:
                svg.rect(x + 25 * j, TOP + HIGH - h, 23, h, fill=color, opacity=0.8, stroke="none")
        svg.text(x + 24, TOP + HIGH + 26, str(nodes), size=17)
    svg.text(LEFT + WIDE / 2, TOP + HIGH + 58, "一个 token 触达的节点数", size=17)
    for x, color, label in ((70.0, ACCENT2, "不受限：256 选 8"), (330.0, ACCENT, "先选 4 组，再选 8")):
        svg.rect(x, 14, 18, 18, rx=3, fill=color, opacity=0.8, stroke="none")
        svg.text(x + 26, 30, label, size=18, anchor="start")
    return svg.render()
