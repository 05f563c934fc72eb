"""One photo of 1024×768 in the five allowed grids."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.multimodal.anyres import GRIDS, best_grid, fit

IMAGE = (1024, 768)
PLACES = {(2, 2): (30, 50), (2, 1): (270, 50), (3, 1): (480, 50), (1, 2): (270, 200), (1, 3): (480, 180)}


def draw() -> str:
    svg = Svg(700, 390, "同一张 4:3 的照片放进五种网格：2×2 留下的像素最多")
    scale = 90 / 336
    best = best_grid(IMAGE, 336, GRIDS).grid
    for grid in GRIDS:
        x, y = PLACES[grid]
        s = scale if grid == best else scale * 0.68
        f = fit(IMAGE, grid, 336)
        w, h = grid[0] * 336 * s, grid[1] * 336 * s
        svg.rect(
            x + (w - f.scaled[0] * s) / 2, y + (h - f.scaled[1] * s) / 2, f.scaled[0] * s, f.scaled[1] * s,
            fill=ACCENT if grid == best else ACCENT2, opacity=0.55, stroke_opacity=0.2,
        )  # fmt: skip
        for col in range(grid[0]):
            for row in range(grid[1]):
                svg.rect(x + col * 336 * s, y + row * 336 * s, 336 * s, 336 * s, stroke_opacity=0.8)
        label = f"{grid[0]}×{grid[1]}：{f.effective / 10000:.1f} 万像素"
        if grid == best:
            svg.text(x, y + h + 30, label, size=20, anchor="start", bold=True)
            svg.text(x, y + h + 58, "选中", size=18, anchor="start", fill=ACCENT, bold=True)
        elif grid[0] == 1:
            svg.text(x + w + 10, y + h / 2 - 4, f"{grid[0]}×{grid[1]}：", size=18, anchor="start")
            svg.text(x + w + 10, y + h / 2 + 20, f"{f.effective / 10000:.1f} 万", size=18, anchor="start")
        else:
            svg.text(x, y + h + 26, label, size=18, anchor="start")
    svg.text(30, 34, "1024×768 的照片，每格 336×336", size=19, anchor="start", bold=True)
    svg.text(30, 366, "填色是图像，空白是填充", size=18, anchor="start")
    return svg.render()
