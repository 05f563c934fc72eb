"""1F1B on four cards and eight microbatches over time, and three schedules in numbers."""

from __future__ import annotations

from figures.distributed.pipeline_gantt import LEFT, WIDE, panel
from figures.svg import ACCENT, ACCENT2, Svg
from labs.distributed.pipeline import Slot, bubble, gpipe, in_flight, interleaved, one_f_one_b, simulate

P, M, V = 4, 8, 2
RUNS: dict[str, tuple[list[Slot], int]] = {
    "GPipe": (simulate(gpipe(P, M)), 1),
    "1F1B": (simulate(one_f_one_b(P, M)), 1),
    "交错 1F1B": (simulate(interleaved(P, M, V), V), V),
}


def whole(slots: list[Slot]) -> str:
    """Total time and idle share, as the widget writes them."""
    return f"{max(slot.end for slot in slots):.4g}，闲 {bubble(slots)[1]:.1%}"


def peak(slots: list[Slot], v: int) -> str:
    """Most microbatches that card 0 holds, as the widget writes them."""
    return f"{in_flight(slots, 0, v):.4g} 个"


def draw() -> str:
    """What the widget shows at its start."""
    lines = [f"{name}：总时间 {whole(slots)}，卡 0 最多压 {peak(slots, v)}" for name, (slots, v) in RUNS.items()]
    svg = Svg(
        690, 272, f"{P} 张卡、{M} 个微批的 1F1B，反向耗时是前向的两倍，交错时每卡 {V} 个小段。" + "；".join(lines)
    )
    slots, v = RUNS["1F1B"]
    panel(svg, 36, "1F1B", slots, v, WIDE / max(slot.end for slot in slots))
    for x, fill, text in ((LEFT, ACCENT, "前向"), (LEFT + 90, ACCENT2, "反向")):
        svg.rect(x, 154, 18, 18, fill=fill, opacity=0.4, stroke_opacity=0)
        svg.text(x + 26, 169, text, anchor="start", size=17)
    for row, line in enumerate(lines):
        svg.text(LEFT, 204 + 28 * row, line, anchor="start", size=18)
    return svg.render()
