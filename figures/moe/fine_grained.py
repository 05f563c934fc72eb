"""The same FFN budget cut three ways: coarse, fine-grained, fine-grained with a shared expert."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.moe.ffn_cost import combinations

LEFT, WIDE = 20.0, 400.0


def draw() -> str:
    """Rows of boxes: the width of a box is the width of the expert, filled are those active for one token."""
    svg = Svg(700, 380, "同样的参数与计算：4 个大专家选 2；16 个小专家选 8；1 个共享加 15 个选 7")
    rows = (
        ("粗：4 选 2", 4, {1, 2}, 0, combinations(4, 2)),
        ("细：16 选 8", 16, {0, 3, 4, 6, 9, 10, 13, 15}, 0, combinations(16, 8)),
        ("细 + 共享：15 选 7", 16, {3, 4, 6, 9, 10, 13, 15}, 1, combinations(15, 7)),
    )
    for i, (title, n, active, shared, count) in enumerate(rows):
        y, w = 54.0 + i * 106, WIDE / n
        svg.text(LEFT, y - 14, title, size=19, anchor="start", bold=True)
        for e in range(n):
            color = ACCENT2 if e < shared else ACCENT
            on = e in active or e < shared
            svg.rect(LEFT + e * w + 2, y, w - 4, 44, rx=3, fill=color, opacity=0.8 if on else 0.08)
        svg.text(LEFT + WIDE + 24, y + 30, f"{count} 种组合", size=20, anchor="start")
    svg.rect(LEFT, 344, 18, 18, rx=3, fill=ACCENT, opacity=0.8)
    svg.text(LEFT + 26, 359, "选中的路由专家", size=17, anchor="start")
    svg.rect(LEFT + 190, 344, 18, 18, rx=3, fill=ACCENT2, opacity=0.8)
    svg.text(LEFT + 216, 359, "共享专家，必选", size=17, anchor="start")
    svg.rect(LEFT + 380, 344, 18, 18, rx=3, fill=ACCENT, opacity=0.08)
    svg.text(LEFT + 406, 359, "没选中", size=17, anchor="start")
    return svg.render()
