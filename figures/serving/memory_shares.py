"""What the cache memory holds under four ways of allocating it, the same requests each time."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.serving.fragmentation import Tally, contiguous, paged, pow2, trace

CAPACITY = 15_728


def results() -> list[tuple[str, Tally]]:
    """The rows of the figure, from worst to best."""
    jobs = trace(200, 0)
    return [
        ("预留最大长度", contiguous(jobs, CAPACITY, lambda p, o: 2048)),
        ("预留 2 的幂", contiguous(jobs, CAPACITY, pow2)),
        ("预知长度", contiguous(jobs, CAPACITY, lambda p, o: p + o)),
        ("分页，块 16", paged(jobs, CAPACITY, 16)),
    ]


def draw() -> str:
    """Stacked bars of the shares."""
    svg = Svg(720, 330, "KV cache 显存里装着什么")
    left, width = 150.0, 540.0
    for row, (name, tally) in enumerate(results()):
        y, x = 16 + row * 62, left
        svg.text(left - 12, y + 27, name, anchor="end", size=18)
        parts = [
            (tally.used, ACCENT, 0.85),
            (tally.later, ACCENT, 0.3),
            (tally.never, ACCENT2, 0.75),
            (tally.free, INK, 0.12),
        ]
        for share, colour, opacity in parts:
            svg.rect(x, y, width * share, 42, fill=colour, opacity=opacity, stroke_opacity=0.3)
            if share > 0.08:
                svg.text(x + width * share / 2, y + 28, f"{100 * share:.0f}%", size=18)
            x += width * share
    legend = [("真实的 token", ACCENT, 0.85), ("稍后会用", ACCENT, 0.3), ("白占", ACCENT2, 0.75), ("空闲", INK, 0.12)]
    x = 60.0
    for name, colour, opacity in legend:
        svg.rect(x, 284, 20, 20, fill=colour, opacity=opacity)
        svg.text(x + 28, 301, name, anchor="start", size=18)
        x += 56 + 18 * len(name)
    return svg.render()
