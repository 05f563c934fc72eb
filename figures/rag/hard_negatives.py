"""Accuracy after training with random and with hard negatives, by the number of steps."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.rag.hard_negatives import accuracy, train

STEPS = (0, 25, 50, 100, 150, 200, 300, 400)


def draw() -> str:
    """Right passage (bold) and right topic (one dashed line, both kinds are at the top)."""
    svg = Svg(700, 320, "随机负样本与难负样本")
    left, top, width, height = 76.0, 24.0, 440.0, 226.0

    def at(steps: int, value: float) -> tuple[float, float]:
        return left + width * steps / 400, top + height * (1 - (value - 0.2) / 0.8)

    for level in (0.2, 0.4, 0.6, 0.8, 1.0):
        y = at(0, level)[1]
        svg.line(left, y, left + width, y, opacity=0.2)
        svg.text(left - 10, y + 6, f"{level:.1f}", anchor="end", size=17)
    for steps in (0, 100, 200, 300, 400):
        svg.text(at(steps, 0)[0], top + height + 24, str(steps), size=17)
    svg.text(left + width / 2, top + height + 52, "训练步数", size=18)
    for kind, text, color, shift in (("hard", "难负样本", ACCENT, -4), ("random", "随机负样本", ACCENT2, 18)):
        curve = [at(steps, accuracy(train(kind, steps))[1]) for steps in STEPS]
        svg.polyline(curve, stroke=color, width=3)
        svg.text(left + width + 8, curve[-1][1] + shift, text, anchor="start", size=18, fill=color)
    svg.text(at(0, 1)[0] + 8, top + height - 34, "找对段落的比例", anchor="start", size=18)
    return svg.render()
