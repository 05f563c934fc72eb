"""Compute of sending examples with each request, and of fine-tuning once, in token units of the lab's count."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.finetuning.in_context import break_even

SAMPLES, TOKENS, EPOCHS, PROMPT = 1000, 300, 3, 2400


def draw() -> str:
    """Two lines over the number of requests; N parameters, cost in units of N FLOPs."""
    svg = Svg(700, 320, "少样本提示与微调的累计计算量")
    left, right, top, bottom = 60.0, 660.0, 24.0, 256.0
    meet = break_even(SAMPLES, TOKENS, EPOCHS, PROMPT)
    last = 2 * meet
    once = 6 * SAMPLES * TOKENS * EPOCHS
    most = 2 * PROMPT * last

    def at(requests: float, cost: float) -> tuple[float, float]:
        return left + (right - left) * requests / last, bottom - (bottom - top) * cost / most

    svg.line(left, bottom, right, bottom, arrow=True)
    svg.line(left, bottom, left, top - 8, arrow=True)
    svg.polyline([at(0, 0), at(last, most)], stroke=ACCENT2, width=3)
    svg.polyline([at(0, once), at(last, once)], stroke=ACCENT, width=3)
    x, y = at(meet, once)
    svg.line(x, y, x, bottom, dash="4 4")
    svg.circle(x, y, 6)
    svg.text(x, bottom + 28, f"{meet:.0f} 次请求", size=19, bold=True)
    svg.text(right, bottom + 28, "请求数", anchor="end", size=18)
    svg.text(left + 12, top + 10, "示例的累计计算量", anchor="start", size=18)
    svg.text(at(0, once)[0] + 14, y - 12, "微调：付一次", anchor="start", size=19, fill=ACCENT, bold=True)
    svg.text(right - 210, top + 52, "少样本：每次都付", anchor="end", size=19, fill=ACCENT2, bold=True)
    return svg.render()
