"""AdaLoRA at work: the rank of three matrices while the budget descends."""

from __future__ import annotations

from functools import cache

from figures.svg import ACCENT, ACCENT2, Svg
from labs.finetuning.adalora import train

LEFT, TOP, W, H = 64, 40, 500, 230


@cache
def history() -> list[list[int]]:
    """Ranks at each step; the true ranks are 6, 2 and 0, the final budget 8."""
    return train((6, 2, 0), 6, 8)[0]


def draw() -> str:
    """Three step curves that start at 6."""
    svg = Svg(700, 350, "AdaLoRA：预算从 18 降到 8，三个矩阵的秩落到 6、2、0")
    ranks = history()

    def xy(t: int, rank: float) -> tuple[float, float]:
        return LEFT + W * t / (len(ranks) - 1), TOP + H * (1 - rank / 6.5)

    for rank in range(0, 7, 2):
        svg.line(LEFT, xy(0, rank)[1], LEFT + W, xy(0, rank)[1], opacity=0.15)
        svg.text(LEFT - 12, xy(0, rank)[1] + 5, str(rank), anchor="end", size=15)
    for t in (0, 50, 100, 150, 199):
        svg.text(xy(t, 0)[0], TOP + H + 26, str(t), size=15)
    svg.text(LEFT + W / 2, TOP + H + 56, "训练步", size=16)
    svg.text(LEFT, 24, "保留的奇异值个数", anchor="start", size=16)
    for i, (color, dash, label) in enumerate(
        ((ACCENT, "", "真秩 6"), (ACCENT2, "", "真秩 2"), ("currentColor", "6 5", "真秩 0"))
    ):
        points = [xy(t, r[i] + 0.06 * (1 - i)) for t, r in enumerate(ranks)]
        svg.polyline(points, stroke=color, width=3, dash=dash)
        svg.text(LEFT + W + 14, points[-1][1] + 6, label, anchor="start", size=17, fill=color, bold=True)
    return svg.render()
