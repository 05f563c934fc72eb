"""Chunks of a long text with and without overlap, and a passage that one of the cuts goes through."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.reliability.chunking import chunks

LENGTH, SIZE, SPAN = 1000, 300, (270, 330)


def draw() -> str:
    """Above: a cut goes through the passage. Below: with overlap one chunk holds it whole."""
    svg = Svg(700, 300, "无重叠时切口穿过一段话；有重叠时总有一块完整包含它")
    left, scale = 30.0, 0.64
    for top, overlap, title in [(24.0, 0, "不重叠"), (156.0, 60, "重叠 60 个 token")]:
        svg.text(left, top + 6, title, anchor="start", size=19, bold=True)
        for row, (begin, end) in enumerate(chunks(LENGTH, SIZE, overlap)):
            y = top + 24 + 34 * (row % 2)
            whole = begin <= SPAN[0] and SPAN[1] <= end
            color = ACCENT if whole else "currentColor"
            svg.rect(
                left + scale * begin, y, scale * (end - begin), 26, rx=6, fill=color,
                opacity=0.3 if whole else 0.06, stroke=color, stroke_opacity=0.8,
            )  # fmt: skip
        x, width = left + scale * SPAN[0], scale * (SPAN[1] - SPAN[0])
        svg.rect(x, top + 18, width, 72, fill=ACCENT2, opacity=0.25, stroke=ACCENT2, stroke_opacity=1)
    svg.text(left, 290, "橙：一段不能切开的话；蓝：完整包含它的块", anchor="start", size=18)
    return svg.render()
