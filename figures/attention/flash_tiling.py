"""FlashAttention tiling: the blocks on the chip in one step, and the order of tiles in versions 1 and 2."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg

ROWS, COLS, SIDE = 4, 4, 46
NOW = (1, 2)
"""The tile (row, column) that is being computed in both panels."""


def order(version: int) -> list[tuple[int, int]]:
    """Tiles in the order of visit: version 1 walks down the columns, version 2 along the rows."""
    if version == 1:
        return [(i, j) for j in range(COLS) for i in range(ROWS)]
    return [(i, j) for i in range(ROWS) for j in range(COLS)]


def panel(svg: Svg, x0: float, version: int, notes: tuple[str, str]) -> None:
    """One version, its corner at `x0`: grid of tiles, K, V above, Q, O at the left, two lines of text."""
    left, top = x0 + 84, 112
    svg.text(
        left + COLS * SIDE / 2,
        26,
        f"v{version}：外循环走 {'K、V' if version == 1 else 'Q'}",
        size=17,
        bold=True,
    )
    svg.text(left + COLS * SIDE / 2, 56, "K、V 块", size=15)
    svg.text(x0 + 20, top + ROWS * SIDE / 2 + 5, "Q、O", size=15)
    for j in range(COLS):
        on = j == NOW[1]
        svg.rect(left + j * SIDE + 3, 68, SIDE - 6, 32, fill=ACCENT if on else "none", opacity=0.35 if on else 1)
    for i in range(ROWS):
        on = i == NOW[0]
        svg.rect(
            x0 + 44,
            top + i * SIDE + 3,
            32,
            SIDE - 6,
            fill=ACCENT if on else "none",
            opacity=0.35 if on else 1,
        )
    path = order(version)
    here = path.index(NOW)
    for step, (i, j) in enumerate(path):
        x, y = left + j * SIDE, top + i * SIDE
        now = (i, j) == NOW
        svg.rect(
            x,
            y,
            SIDE,
            SIDE,
            fill=ACCENT2 if now else "currentColor",
            opacity=0.55 if now else 0.1 * (step < here),
            stroke_opacity=0.35,
        )
        svg.text(
            x + SIDE / 2,
            y + SIDE / 2 + 5,
            str(step + 1),
            size=15,
            bold=now,
            opacity=1 if step <= here else 0.55,
        )
    for k, note in enumerate(notes):
        svg.text(left + COLS * SIDE / 2 - 20, top + ROWS * SIDE + 32 + 24 * k, note, size=15)


def draw() -> str:
    """Two panels, the same tile at work in both."""
    svg = Svg(700, 370, "FlashAttention 分块：v1 按列走分数块，v2 按行走分数块")
    panel(svg, 24, 1, ("每一步都把 Q、O、ℓ、m", "读进来，O、ℓ、m 写回去"))
    panel(svg, 386, 2, ("走一行：O、ℓ、m 留在片上", "每一步只读一对 K、V 块"))
    return svg.render()
