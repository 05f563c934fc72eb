"""Eight requests on four slots: static and continuous batching, who holds which slot when."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.serving.batching import iteration_level, on_gpu, request_level
from labs.serving.requests import Request, Served

SLOTS = 4
TRACE = [Request(0.0, 200, n) for n in (60, 20, 110, 35, 90, 25, 40, 70)]


def rows(served: list[Served]) -> list[tuple[int, Served]]:
    """Give every request the lowest slot that is free when it starts."""
    until, out = [0.0] * SLOTS, list[tuple[int, Served]]()
    for s in sorted(served, key=lambda s: (s.start, TRACE.index(s.request))):
        slot = next(i for i in range(SLOTS) if until[i] <= s.start + 1e-9)
        until[slot] = s.times[-1]
        out.append((slot, s))
    return out


def draw() -> str:
    """Bars are requests; a hatched end is a slot that only waits for the longest of its batch."""
    svg = Svg(720, 400, "静态与连续批处理的槽位占用")
    cost = on_gpu()
    static, flow = request_level(TRACE, SLOTS, cost), iteration_level(TRACE, SLOTS, cost)
    left, right = 50.0, 700.0
    end = max(s.times[-1] for s in static)
    for name, served, top in (("静态批处理", static, 34.0), ("连续批处理", flow, 218.0)):
        svg.text(left, top - 10, name, anchor="start", size=19, bold=True)
        last = max(s.times[-1] for s in served)
        closes = {s.start: max(o.times[-1] for o in served if o.start == s.start) for s in served}
        for slot, s in rows(served):
            y = top + slot * 34
            x0, x1 = (left + (right - left) * t / end for t in (s.start, s.times[-1]))
            svg.rect(x0, y, x1 - x0, 28, fill=ACCENT, opacity=0.75, stroke_opacity=0.6)
            svg.text((x0 + x1) / 2, y + 21, f"S{TRACE.index(s.request) + 1}", size=18)
            if served is static:
                x2 = left + (right - left) * closes[s.start] / end
                svg.rect(x1, y, x2 - x1, 28, fill=ACCENT2, opacity=0.3, stroke_opacity=0.3, dash="4 3")
        x = left + (right - left) * last / end
        svg.line(x, top - 6, x, top + 4 * 34, stroke=INK, dash="4 4")
        svg.text(x - 6, top - 10, f"{last:.2f} s", anchor="end", size=18)
        for slot in range(SLOTS):
            svg.text(left - 12, top + slot * 34 + 20, str(slot + 1), anchor="end", size=17, opacity=0.7)
    svg.rect(left, 366, 20, 20, fill=ACCENT, opacity=0.75)
    svg.text(left + 28, 383, "在生成", anchor="start", size=18)
    svg.rect(left + 130, 366, 20, 20, fill=ACCENT2, opacity=0.3, dash="4 3")
    svg.text(left + 158, 383, "已结束，槽位空等", anchor="start", size=18)
    return svg.render()
