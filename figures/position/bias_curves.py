"""What a relative bias looks like against distance: ALiBi's straight lines, T5's steps."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.position.alibi import slopes
from labs.position.t5_bias import bucket

Y0, Y1 = 270.0, 50.0


def draw() -> str:
    """Left: bias of three of eight heads; right: bucket of each distance, both directions of use."""
    svg = Svg(740, 350, "左：ALiBi 三个头的偏置随距离直线下降；右：T5 的桶号随距离先逐一增加再按对数合并，之后不变")

    def left(distance: float, value: float) -> tuple[float, float]:
        return 60 + 270 * distance / 64, Y1 + (Y0 - Y1) * -value / 16

    def right(distance: float, index: float) -> tuple[float, float]:
        return 430 + 270 * distance / 160, Y0 + (Y1 - Y0) * index / 32

    svg.text(195, 26, "ALiBi：偏置", size=17, bold=True)
    svg.text(565, 26, "T5：桶号", size=17, bold=True)
    for value in (0, -4, -8, -12, -16):
        y = left(0, value)[1]
        svg.line(60, y, 330, y, opacity=0.15)
        svg.text(52, y + 5, str(value).replace("-", "−"), size=14, anchor="end")
    for index in (0, 8, 16, 24, 32):
        y = right(0, index)[1]
        svg.line(430, y, 700, y, opacity=0.15)
        svg.text(422, y + 5, str(index), size=14, anchor="end")
    for distance in (0, 32, 64):
        svg.text(left(distance, 0)[0], Y0 + 22, str(distance), size=14)
    for distance in (0, 40, 80, 120, 160):
        svg.text(right(distance, 0)[0], Y0 + 22, str(distance), size=14)
    for center in (195, 565):
        svg.text(center, Y0 + 52, "查询到键的距离", size=15)

    slope = slopes(8)
    for head, color, dash in ((0, ACCENT2, ""), (2, ACCENT, ""), (7, INK, "6 4")):
        end = min(64.0, 16 / float(slope[head]))
        svg.polyline([left(0, 0), left(end, -float(slope[head]) * end)], stroke=color, width=2.5, dash=dash)
    svg.text(left(34, 0)[0], left(0, -14.6)[1], "m = 1/2", size=14, anchor="start", fill=ACCENT2)
    svg.text(left(41, 0)[0], left(0, -4.0)[1], "m = 1/8", size=14, anchor="start", fill=ACCENT)
    svg.text(left(38, 0)[0], left(0, -1.4)[1], "m = 1/256", size=14, anchor="start")

    reach = np.arange(161)
    for both, color, name, label_y in ((False, ACCENT, "单向", 29.5), (True, ACCENT2, "双向", 13.2)):
        found = bucket(-reach, bidirectional=both)
        steps: list[tuple[float, float]] = []
        for n, index in zip(reach, found, strict=True):
            steps += [right(float(n), float(index)), right(float(n) + 1, float(index))]
        svg.polyline(steps[:-1], stroke=color, width=2.5)
        svg.text(right(158, 0)[0], right(0, label_y - 1.2)[1] + 10, name, size=15, anchor="end", fill=color)
    return svg.render()
