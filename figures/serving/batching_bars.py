"""Four schedulers on one trace: throughput and slot occupancy of a backlog, latency under a steady load."""

from __future__ import annotations

from math import inf

from figures.svg import ACCENT, ACCENT2, Svg
from labs.serving.batching import POLICIES, on_gpu
from labs.serving.requests import occupancy, poisson_trace, throughput

SLOTS, N, RATE = 32, 192, 4.0
NAMES = {"static": "静态", "dynamic": "动态", "continuous": "连续", "chunked": "连续 + 分块"}


def results() -> dict[str, tuple[float, float, float]]:
    """Policy → tokens per second and occupancy of a backlog, mean latency in seconds at RATE requests per second."""
    cost, backlog, steady = on_gpu(), poisson_trace(N, inf, 0), poisson_trace(N, RATE, 0)
    out = {}
    for name, policy in POLICIES.items():
        full, load = policy(backlog, SLOTS, cost), policy(steady, SLOTS, cost)
        out[name] = throughput(full), occupancy(full, SLOTS), sum(s.latency for s in load) / N
    return out


def draw() -> str:
    """Three panels of horizontal bars."""
    svg = Svg(720, 262, "四种批处理：吞吐、占用与延迟")
    table = results()
    panels = [
        ("吞吐（token/s）", 0, 112.0, "{:.0f}"),
        ("槽位占用", 1, 330.0, "{:.0%}"),
        ("平均延迟（s）", 2, 540.0, "{:.1f}"),
    ]
    for title, index, left, form in panels:
        most = max(values[index] for values in table.values())
        svg.text(left, 28, title, anchor="start", size=19, bold=True)
        for row, (name, values) in enumerate(table.items()):
            y = 46 + row * 52
            length = 116 * values[index] / most
            colour = ACCENT if name in ("continuous", "chunked") else ACCENT2
            svg.rect(left, y, length, 34, fill=colour, opacity=0.75, stroke_opacity=0.3)
            svg.text(left + length + 8, y + 24, form.format(values[index]), anchor="start", size=18)
            if index == 0:
                svg.text(left - 10, y + 24, NAMES[name], anchor="end", size=18)
    return svg.render()
