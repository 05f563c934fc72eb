"""Accuracy over revisions: the newest answer settles at f/(f+b), the best of the chain keeps rising."""

from __future__ import annotations

from figures.chart import Curve, plot
from figures.svg import ACCENT, ACCENT2, Svg
from labs.reasoning.revision import ever_right, last_answer

ROUNDS = 8


def draw() -> str:
    """Two starts for the newest answer, one curve for the verifier's pick."""
    svg = Svg(720, 344, "反复修改时的正确率：只看最后一版，与由验证器挑一版")
    curves: list[Curve] = [
        ([float(v) for v in ever_right(0.3, 0.2, ROUNDS)], ACCENT, "", "挑最好的一版", 56.0),
        ([float(v) for v in last_answer(0.6, 0.2, 0.38, ROUNDS)], ACCENT2, "9 5", "最后一版，起点 0.6", 160.0),
        ([float(v) for v in last_answer(0.3, 0.2, 0.38, ROUNDS)], ACCENT2, "", "最后一版，起点 0.3", 206.0),
    ]
    ticks = {k / ROUNDS: str(k) for k in (0, 2, 4, 6, 8)}
    plot(svg, [k / ROUNDS for k in range(ROUNDS + 1)], ticks, curves, "修改次数")
    return svg.render()
