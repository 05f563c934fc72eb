"""Expected loss of continued training, warmed up again or not, from the lab's recursion."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.finetuning.lr_schedule import STEPS, continued


def draw() -> str:
    """Two curves over steps."""
    svg = Svg(700, 320, "重新预热时损失先升后降")
    left, right, top, bottom = 76.0, 672.0, 20.0, 258.0
    most = 0.17
    for value in (0.0, 0.05, 0.1, 0.15):
        y = bottom - (bottom - top) * value / most
        svg.line(left, y, right, y, opacity=0.2)
        svg.text(left - 10, y + 6, f"{value:.2f}", anchor="end", size=17)
    for rewarm, color in ((True, ACCENT), (False, ACCENT2)):
        losses = continued(rewarm)
        svg.polyline(
            [
                (left + (right - left) * i / STEPS, bottom - (bottom - top) * float(v) / most)
                for i, v in enumerate(losses)
                if i % 4 == 0
            ],
            stroke=color,
            width=3,
            dash="" if rewarm else "8 5",
        )
    svg.text(210, 38, "学习率重新预热再衰减", anchor="start", size=19, fill=ACCENT, bold=True)
    svg.text(430, 136, "一直用最低学习率", anchor="start", size=19, fill=ACCENT2, bold=True)
    for step in (0, 200, 400, 600):
        svg.text(left + (right - left) * step / STEPS, bottom + 26, str(step), size=17)
    svg.text((left + right) / 2, bottom + 52, "步数", size=18)
    svg.text(left + 8, top + 12, "期望损失", anchor="start", size=18)
    return svg.render()
