"""Gaps between the tokens of a decoding request while a long prompt comes in, whole and in chunks."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.serving.batching import iteration_level, on_gpu
from labs.serving.requests import Request, Served

TRACE = [Request(0.0, 256, 120)] * 8 + [Request(0.3, 8192, 20)]


def watch(budget: int) -> tuple[Served, Served]:
    """A request that was decoding all along, and the one with the long prompt."""
    served = iteration_level(TRACE, 16, on_gpu(), budget)
    return next(s for s in served if s.request is TRACE[0]), next(s for s in served if s.request is TRACE[-1])


def draw() -> str:
    """x: time; y: milliseconds since the token before."""
    svg = Svg(720, 390, "长提示到来时，正在解码的请求等多久")
    left, right, top, bottom = 74.0, 690.0, 44.0, 320.0

    def place(t: float, gap: float) -> tuple[float, float]:
        return left + (right - left) * t / 1.8, bottom - (bottom - top) * gap / 0.45

    for gap in (0, 0.1, 0.2, 0.3, 0.4):
        y = place(0, gap)[1]
        svg.line(left, y, right, y, opacity=0.14)
        svg.text(left - 8, y + 6, f"{gap * 1e3:.0f}", anchor="end", size=17)
    for t in (0, 0.5, 1, 1.5):
        svg.text(place(t, 0)[0], bottom + 24, f"{t:g}", size=17)
    for budget, colour in ((0, ACCENT2), (512, ACCENT)):
        old, _ = watch(budget)
        points = list(zip(old.times[1:], old.gaps, strict=True))
        svg.polyline([place(t, g) for t, g in points], stroke=colour, width=2.5)
    x, _ = place(0.3, 0)
    svg.line(x, top, x, bottom, dash="5 4")
    svg.text(x - 8, top + 40, "8192 长的", anchor="end", size=17)
    svg.text(x - 8, top + 62, "提示到达", anchor="end", size=17)
    svg.text(*place(0.79, 0.38), "整段预填充", anchor="start", size=19, fill=ACCENT2, bold=True)
    svg.text(*place(0.82, 0.05), "每步至多 512 个 token", anchor="start", size=19, fill=ACCENT, bold=True)
    svg.text((left + right) / 2, bottom + 54, "时间（s）", size=18)
    svg.text(left - 60, 24, "与上一个 token 的间隔（ms）", anchor="start", size=17)
    return svg.render()
