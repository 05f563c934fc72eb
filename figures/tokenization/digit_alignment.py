"""An addition written in columns, its tokens drawn as boxes: groups from the left, and groups from the right."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.tokenization.digits import Split, aligned, from_left, from_right

TERMS = ["987654", "45678"]
CELL = 38.0


def draw() -> str:
    svg = Svg(700, 262, "左：从左起三位一组，三个数的边界错开；右：从右起三位一组，边界对齐")
    panel(svg, 20, "从左切：边界错开", from_left, ACCENT2)
    panel(svg, 370, "从右切：边界对齐", from_right, ACCENT)
    return svg.render()


def panel(svg: Svg, left: float, title: str, split: Split, color: str) -> None:
    """The terms and their sum, right-aligned."""
    numbers = [*TERMS, str(sum(map(int, TERMS)))]
    assert aligned(numbers, split) == (split is from_right)
    right = left + 30 + CELL * max(map(len, numbers))
    svg.text(left + 30, 28, title, size=19, anchor="start", bold=True)
    for row, number in enumerate(numbers):
        y = 48.0 + 66 * row + (14 if row == 2 else 0)
        x = right - CELL * len(number)
        for token in split(number):
            width = CELL * len(token)
            svg.rect(x + 2, y, width - 4, 46, rx=7, fill=color, opacity=0.16, stroke=color, stroke_opacity=0.9)
            for i, digit in enumerate(token):
                svg.text(x + CELL * (i + 0.5), y + 31, digit, size=22)
            x += width
        if row == 1:
            svg.text(left + 12, y + 31, "+", size=24)
            svg.line(left, y + 56, right, y + 56, width=1.5)
