"""Over which entries BatchNorm and LayerNorm take their mean and variance."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg

ROWS, COLUMNS, CELL = 6, 7, 30.0
"""Two sequences of three tokens, seven features."""


def grid(svg: Svg, x: float, y: float, name: str, caption: str, by_row: bool) -> None:
    """The matrix of tokens by features, with the entries of one group filled."""
    svg.text(x + COLUMNS * CELL / 2, y - 40, name, size=20, bold=True)
    svg.text(x + COLUMNS * CELL / 2, y - 12, "特征 →", size=16)
    for row in range(ROWS):
        for column in range(COLUMNS):
            inside = row == 1 if by_row else column == 2
            color = ACCENT if by_row else ACCENT2
            svg.rect(
                x + column * CELL, y + row * CELL, CELL, CELL,
                fill=color if inside else "none", opacity=0.65, stroke_opacity=0.35,
            )  # fmt: skip
    svg.line(x - 4, y + ROWS // 2 * CELL, x + COLUMNS * CELL + 4, y + ROWS // 2 * CELL, width=2.5)
    svg.text(x + COLUMNS * CELL / 2, y + ROWS * CELL + 30, caption, size=17)


def draw() -> str:
    """The SVG."""
    svg = Svg(
        640,
        320,
        "统计范围：BatchNorm 是一列（一个特征，全部 token），LayerNorm 与 RMSNorm 是一行（一个 token，全部特征）",
    )
    grid(svg, 84, 70, "BatchNorm", "一个特征，整批 token", by_row=False)
    grid(svg, 394, 70, "LayerNorm / RMSNorm", "一个 token，全部特征", by_row=True)
    for i, name in enumerate(("序列 1", "序列 2")):
        svg.text(76, 70 + (i * 3 + 1.5) * CELL + 6, name, size=16, anchor="end")
        svg.text(386, 70 + (i * 3 + 1.5) * CELL + 6, name, size=16, anchor="end")
    return svg.render()
