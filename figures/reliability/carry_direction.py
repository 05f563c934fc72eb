"""The same addition written from both ends: how far each output digit has to look."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.reliability.arithmetic import digits, look_ahead

A, B = 45678, 54321
CELL = 54.0


def draw() -> str:
    """Left: reversed, one carry handed on. Right: forward, the first digit needs every place."""
    svg = Svg(720, 300, "左：先写个位，每一步只接一个进位；右：先写最高位，要看完后面所有的位")
    a, b = digits(A, 5), digits(B, 5)
    need = look_ahead(a, b)
    for left, title, reverse in [(24.0, "先写个位", True), (392.0, "先写最高位", False)]:
        color = ACCENT if reverse else ACCENT2
        svg.text(left, 30, title, anchor="start", size=20, bold=True)
        order = range(4, -1, -1) if reverse else range(5)
        for column, place in enumerate(order):
            x = left + CELL * column
            for row, digit in enumerate((a[place], b[place])):
                svg.text(x + CELL / 2, 74.0 + 36 * row, str(digit), size=24)
            svg.rect(x + 7, 128, CELL - 14, 42, rx=7, fill=color, opacity=0.18, stroke=color, stroke_opacity=0.9)
            svg.text(x + CELL / 2, 157, str(digits(A + B, 5)[place]), size=24)
            if reverse and column:
                svg.line(x - 12, 192, x + 14, 192, stroke=color, width=2.5, opacity=1, arrow=True)
            if not reverse and need[place]:
                y = 190.0 + 17 * place
                svg.line(x + CELL * (need[place] + 0.5), y, x + CELL / 2, y, stroke=color, width=2.5, arrow=True)
        svg.line(left, 120, left + CELL * 5, 120, width=1.5)
        note = "每步一个进位" if reverse else f"首位要看后面 {need[0]} 位"
        svg.text(left + CELL * 2.5, 286, note, size=19)
    return svg.render()
