"""Sixteen ranks on two nodes, tp = 2, dp = 2, pp = 4: who is in a group with whom."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.distributed.rank_mapping import coordinates, groups

SIZES = {"tp": 2, "dp": 2, "pp": 4}
LEFT, CELL, PITCH = 96.0, 62.0, 66.0


def place(rank: int) -> tuple[float, float]:
    """Top left corner: a column per (dp, tp), a row per pipeline stage."""
    at = coordinates(rank, SIZES)
    return LEFT + at["tp"] * PITCH + at["dp"] * (2 * PITCH + 60), 72 + at["pp"] * 74 + (34 if at["pp"] > 1 else 0)


def draw() -> str:
    """A grid of ranks; the groups of rank 5 in the accents."""
    svg = Svg(690, 424, "16 个 rank：相邻两个是 TP 组，隔 2 是 DP 组，隔 4 是 PP 组；前 8 个在节点 0")
    mine = {name: next(g for g in groups(SIZES, name) if 5 in g) for name in SIZES}
    for node in range(2):
        y = 60 + node * 182.0
        svg.rect(LEFT - 12, y, 4 * PITCH + 84, 164, rx=8, stroke_opacity=0.4, dash="5 4")
        svg.text(LEFT + 4 * PITCH + 88, y + 88, f"节点 {node}", size=19, anchor="start", bold=True)
    for dp in range(2):
        svg.text(LEFT + PITCH - 2 + dp * (2 * PITCH + 60), 28, f"DP {dp}", size=19, bold=True)
        for tp in range(2):
            svg.text(LEFT + CELL / 2 + tp * PITCH + dp * (2 * PITCH + 60), 51, f"TP {tp}", size=16)
    for rank in range(16):
        x, y = place(rank)
        if rank % 4 == 0:
            svg.text(LEFT - 22, y + 38, f"段 {rank // 4}", size=18, anchor="end")
        fill, opacity = "none", 1.0
        if rank == 5:
            fill, opacity = ACCENT, 0.85
        elif rank in mine["tp"]:
            fill, opacity = ACCENT, 0.35
        elif rank in mine["pp"]:
            fill, opacity = ACCENT2, 0.5
        elif rank in mine["dp"]:
            fill, opacity = "currentColor", 0.25
        svg.rect(x, y, CELL, CELL, rx=4, fill=fill, opacity=opacity)
        svg.text(x + CELL / 2, y + 39, str(rank), size=21)
    x = LEFT + 4 * PITCH + 92
    for y, fill, opacity, label in (
        (184, ACCENT, 0.85, "rank 5"),
        (210, ACCENT, 0.35, "同 TP 组"),
        (236, "currentColor", 0.25, "同 DP 组"),
        (262, ACCENT2, 0.5, "同 PP 组"),
    ):
        svg.rect(x, y, 16, 16, rx=2, fill=fill, opacity=opacity, stroke="none")
        svg.text(x + 24, y + 14, label, size=17, anchor="start")
    return svg.render()
