"""Two lanes, compute and network: the blocks in a row, and with the shortcut."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.moe.timeline import in_a_row, makespan, schedule, shortcut

LEFT, UNIT = 70.0, 43.0


def draw() -> str:
    """Above: one after the other. Below: the dense path computes while the network is busy."""
    svg = Svg(700, 330, "串行 14 个单位；快捷连接后，稠密路径的计算盖住两次通信，10 个单位")
    for i, (title, tasks) in enumerate((("串行", in_a_row()), ("快捷连接", shortcut()))):
        y = 44.0 + i * 150
        svg.text(LEFT, y - 16, f"{title}：{makespan(tasks):g} 个单位", size=19, anchor="start", bold=True)
        done = schedule(tasks)
        for j, name in enumerate(("计算", "网络")):
            svg.text(LEFT - 10, y + 27 + 46 * j, name, size=17, anchor="end")
            svg.line(LEFT, y + 42 + 46 * j, LEFT + 14 * UNIT, y + 42 + 46 * j, opacity=0.2)
        for t in tasks:
            start, end = done[t.name]
            lane = 0 if t.lane == "compute" else 1
            color = ACCENT2 if lane else ACCENT
            svg.rect(
                LEFT + start * UNIT + 1, y + 4 + 46 * lane, (end - start) * UNIT - 2, 36, rx=3, fill=color, opacity=0.35
            )
            svg.text(LEFT + (start + end) / 2 * UNIT, y + 28 + 46 * lane, t.name, size=16)
    return svg.render()
