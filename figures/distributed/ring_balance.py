"""How much causal attention each of four cards computes in each step of the ring: contiguous and zig-zag."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.distributed.ring_attention import Ids, contiguous, work, zigzag

LEFT, CELL, HIGH = 74.0, 56.0, 46.0
N, P = 4096, 4


def panel(svg: Svg, left: float, name: str, where: list[Ids], color: str) -> None:
    """A grid of cards (rows) and steps (columns), each cell filled to the share of its block that is visible."""
    pairs = work(where) / (N // P) ** 2  # (P steps, P cards)
    svg.text(left + P * CELL / 2, 30, name, size=21, bold=True)
    for card in range(P):
        y = 62 + card * HIGH
        svg.text(left - 10, y + 27, f"卡 {card}", size=17, anchor="end")
        for step in range(P):
            share = float(pairs[step, card])
            x = left + step * CELL
            svg.rect(x + 2, y, CELL - 4, HIGH - 6, stroke_opacity=0.3)
            svg.rect(x + 2, y, (CELL - 4) * share, HIGH - 6, fill=color, opacity=0.55, stroke="none")
    for step in range(P):
        svg.text(left + (step + 0.5) * CELL, 54, str(step), size=16)
    total = float(pairs.max(axis=1).sum())
    svg.text(left + P * CELL / 2, 62 + P * HIGH + 26, f"总时间 {total:.1f} 块", size=19)


def draw() -> str:
    """Two grids side by side."""
    svg = Svg(690, 312, "四张卡的环：连续切分时前面的卡大半空转，总时间 3.5 块；zig-zag 每步每卡都是半块，共 2 块")
    panel(svg, LEFT, "连续切分", contiguous(N, P), ACCENT2)
    panel(svg, LEFT + 372, "zig-zag", zigzag(N, P), ACCENT)
    svg.text(345, 304, "列：环上第几步；填充：这一步要算的比例", size=17)
    return svg.render()
