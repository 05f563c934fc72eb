"""GPipe, 1F1B and interleaved 1F1B on four cards and eight microbatches: the same work, drawn over time."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.distributed.pipeline import Slot, bubble, gpipe, in_flight, interleaved, one_f_one_b, simulate

LEFT, WIDE, ROW, PANEL = 66.0, 600.0, 27.0, 158.0
P, M = 4, 8


def panel(svg: Svg, y: float, name: str, slots: list[Slot], v: int, unit: float) -> None:
    """One schedule: a row for each card, forwards in the first accent, backwards in the second."""
    whole = max(s.end for s in slots)
    share = bubble(slots)[1]
    svg.text(LEFT, y - 10, f"{name}：气泡 {share:.1%}", size=19, anchor="start", bold=True)
    most = in_flight(slots, 0, v)
    svg.text(LEFT + WIDE, y - 10, f"卡 0 在途微批 {most:g}", size=17, anchor="end")
    for card in range(P):
        svg.text(LEFT - 10, y + card * ROW + 19, f"卡 {card}", size=16, anchor="end")
        svg.rect(LEFT, y + card * ROW, whole * unit, ROW - 3, stroke_opacity=0.35, dash="3 3")
    for s in slots:
        color = ACCENT if s.op.kind == "F" else ACCENT2
        x, w = LEFT + s.start * unit, (s.end - s.start) * unit
        svg.rect(
            x + 0.5,
            y + s.card * ROW + 1,
            w - 1,
            ROW - 5,
            fill=color,
            opacity=0.8 if s.op.chunk else 0.4,
            stroke="none",
        )
        if v == 1:
            svg.text(x + w / 2, y + s.card * ROW + 18, str(s.op.micro), size=13)


def draw() -> str:
    """Three panels under each other, on one scale of time."""
    svg = Svg(690, 3 * PANEL + 42, "四张卡、八个微批：GPipe 与 1F1B 一样长，1F1B 留的激活少；交错后气泡更小")
    runs = [("GPipe", gpipe(P, M), 1), ("1F1B", one_f_one_b(P, M), 1), ("交错 1F1B", interleaved(P, M, 2), 2)]
    slots = [simulate(orders, v) for _, orders, v in runs]
    unit = WIDE / max(s.end for run in slots for s in run)
    for i, ((name, _, v), run) in enumerate(zip(runs, slots, strict=True)):
        panel(svg, 36 + i * PANEL, name, run, v, unit)
    y = 3 * PANEL + 14
    for x, fill, opacity, label in (
        (66, ACCENT, 0.4, "前向"),
        (166, ACCENT2, 0.4, "反向"),
        (266, ACCENT, 0.8, "每卡的第 2 段"),
        (456, "none", 1, "空闲（气泡）"),
    ):
        svg.rect(x, y, 18, 18, fill=fill, opacity=opacity, stroke_opacity=0.35 if fill == "none" else 0, dash="3 3")
        svg.text(x + 26, y + 15, label, size=17, anchor="start")
    return svg.render()
