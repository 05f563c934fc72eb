"""What every rank holds before and after reduce-scatter, all-gather and all-to-all, computed by the lab."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from figures.svg import ACCENT, ACCENT2, Svg
from labs.distributed.collectives import all_gather, all_to_all, reduce_scatter

Array = npt.NDArray[np.float64]
N = 4
CELL = 46.0


def grid(svg: Svg, x: float, y: float, rows: Array, columns: list[int]) -> None:
    """One row a rank; a cell names whose block it is and which, or shows a sum over all ranks."""
    for r, row in enumerate(rows):
        for c, cell in zip(columns if len(columns) > 1 else [r], row.reshape(-1, N * N), strict=True):
            blocks = np.flatnonzero(cell)
            full = len(blocks) == N
            px, py = x + c * CELL, y + r * 34
            svg.rect(
                px,
                py,
                CELL,
                34,
                fill=ACCENT2 if full else ACCENT,
                opacity=0.55 if full else 0.18 * (blocks[0] // N + 1),
            )
            name = f"Σ{blocks[0] % N}" if full else f"{'ABCD'[blocks[0] // N]}{blocks[0] % N}"
            svg.text(px + CELL / 2, py + 24, name, size=19, bold=full)


def draw() -> str:
    """Three stacked pairs of grids; block c of rank A, B, C, D is written A0 to D3."""
    one_hot = np.eye(N * N).reshape(N, N * N * N)  # (rank, blocks · contributors)
    single = np.eye(N * N).reshape(N, N, N * N)[np.arange(N), np.arange(N)]  # rank r holds its block r only
    rows: list[tuple[str, Callable[[Array], Array], Array, list[int], list[int]]] = [
        ("reduce-scatter：每卡得到一块总和", reduce_scatter, one_hot, [0, 1, 2, 3], [0]),
        ("all-gather：每卡收齐各卡的一块", all_gather, single, [0], [0, 1, 2, 3]),
        ("all-to-all：分块转置", all_to_all, one_hot, [0, 1, 2, 3], [0, 1, 2, 3]),
    ]
    svg = Svg(700, 596, "三种集合通信前后各卡持有的数据块")
    for i, (name, collective, x, before, after) in enumerate(rows):
        y = 36 + i * 198
        svg.text(20, y - 10, name, anchor="start", size=20, bold=True)
        for r in range(N):
            svg.text(24, y + r * 34 + 24, "ABCD"[r], size=18, opacity=0.8)
        grid(svg, 52, y, x, before)
        svg.line(282, y + 68, 360, y + 68, width=2, arrow=True)
        for r in range(N):
            svg.text(398, y + r * 34 + 24, "ABCD"[r], size=18, opacity=0.8)
        grid(svg, 426, y, collective(x), after)
    return svg.render()
