"""Accuracy on known, new and held-out facts while fine-tuning, from the lab's memory."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.finetuning.fact_memory import mean_curves


def draw() -> str:
    """Three curves with new facts in the data, and the held-out one without them."""
    svg = Svg(700, 330, "微调中混入陌生事实")
    left, right, top, bottom = 76.0, 540.0, 20.0, 266.0
    with_new, control = mean_curves(True), mean_curves(False)
    curves = [
        (with_new["known"], INK, "", "集内已知"),
        (control["held out"], ACCENT2, "8 5", "集外已知·对照"),
        (with_new["new"], ACCENT, "", "集内陌生"),
        (with_new["held out"], ACCENT2, "", "集外已知"),
    ]
    for value in (0.0, 0.5, 1.0):
        y = bottom - (bottom - top) * value
        svg.line(left, y, right, y, opacity=0.2)
        svg.text(left - 10, y + 6, f"{100 * value:.0f}%", anchor="end", size=17)
    for curve, color, dash, name in curves:
        points = [
            (left + (right - left) * i / (len(curve) - 1), bottom - (bottom - top) * float(v))
            for i, v in enumerate(curve)
            if i % 4 == 0
        ]
        svg.polyline(points, stroke=color, width=3, dash=dash)
        svg.text(right + 10, points[-1][1] + 6, name, anchor="start", size=18, fill=color, bold=True)
    for epoch in (0, 100, 200):
        svg.text(left + (right - left) * epoch / 200, bottom + 26, str(epoch), size=17)
    svg.text((left + right) / 2, bottom + 52, "微调轮数", size=18)
    return svg.render()
