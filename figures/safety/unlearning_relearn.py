"""The half of the forgotten facts that is not shown again, before and after the other half is taught."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.safety.unlearning import experiment

NAMES = {"negation": "减任务向量", "ascent": "梯度上升", "ascent+keep": "上升加保留", "retrained": "重训（标准）"}


def draw() -> str:
    """Two bars a method, in per cent."""
    svg = Svg(700, 330, "再教一半之后，另一半的准确率")
    left, bottom, top = 70.0, 268.0, 60.0
    for share in (0.0, 0.25, 0.5):
        y = bottom - (bottom - top) * share / 0.5
        svg.line(left, y, 690, y, opacity=0.25)
        svg.text(left - 8, y + 6, f"{100 * share:.0f}%", anchor="end", size=18)
    for i, (name, row) in enumerate(experiment(seeds=6).items()):
        x = left + 22 + i * 154
        for j, (value, colour, fade) in enumerate(((row[2], ACCENT2, 0.35), (row[3], ACCENT, 0.9))):
            height = (bottom - top) * float(value) / 0.5
            svg.rect(x + j * 58, bottom - height, 50, height, fill=colour, opacity=fade, stroke_opacity=0.3)
            svg.text(x + j * 58 + 25, bottom - height - 8, f"{100 * value:.0f}", size=18)
        svg.text(x + 54, bottom + 30, NAMES[name], size=18, bold=name == "retrained")
    svg.rect(left + 20, 10, 18, 18, fill=ACCENT2, opacity=0.35)
    svg.text(left + 46, 26, "再教前", anchor="start", size=19)
    svg.rect(left + 140, 10, 18, 18, fill=ACCENT, opacity=0.9)
    svg.text(left + 166, 26, "再教一半后，没教的那一半", anchor="start", size=19)
    svg.text(left + 310, bottom + 58, "没有给出的 10 条的准确率（6 次平均）", size=18, opacity=0.85)
    return svg.render()
