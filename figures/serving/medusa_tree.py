"""A tree of two heads with 2 and 3 candidates, and the attention mask that checks it in one pass."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.serving.draft_tree import full_tree, tree_mask


def draw() -> str:
    """Nodes carry the number of their row in the mask."""
    nodes = full_tree([2, 3])
    mask = tree_mask(nodes)
    svg = Svg(720, 360, "Medusa 的候选树与树注意力掩码")
    where: dict[tuple[int, ...], tuple[float, float]] = {(): (40.0, 165.0)}
    for path in nodes:
        if len(path) == 1:
            where[path] = (150.0, 80.0 + 170 * path[0])
        else:
            where[path] = (285.0, where[path[:1]][1] + (path[1] - 1) * 54)
    for path in nodes:
        svg.line(*where[path[:-1]], *where[path], opacity=0.6, width=2)
    for i, path in enumerate(nodes):
        svg.circle(*where[path], 20, fill=ACCENT if len(path) == 1 else ACCENT2)
        svg.text(where[path][0], where[path][1] + 7, str(i + 1), size=19, bold=True)
    svg.circle(*where[()], 10)
    svg.text(150, 352, "头 1", size=18, fill=ACCENT)
    svg.text(285, 352, "头 2", size=18, fill=ACCENT2)
    size, x0, y0 = 34.0, 410.0, 50.0
    for r in range(len(nodes)):
        svg.text(x0 - 14, y0 + r * size + 24, str(r + 1), size=17)
        svg.text(x0 + r * size + size / 2, y0 - 10, str(r + 1), size=17)
        for c in range(len(nodes)):
            svg.rect(
                x0 + c * size,
                y0 + r * size,
                size,
                size,
                fill=ACCENT if mask[r, c] else "none",
                opacity=0.75,
                stroke_opacity=0.3,
            )
    svg.text(x0 + 4 * size, 346, "第 r 行：节点 r 能看见谁", size=18)
    return svg.render()
