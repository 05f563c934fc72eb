"""The bits of the number formats: sign, exponent, mantissa."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.numerics.float_formats import FORMATS

LEFT, CELL, ROW = 128.0, 14.8, 40.0


def draw() -> str:
    """One row a format, one cell a bit; the integers have a sign (two's complement) and no exponent."""
    rows = [(f.name, f.e, f.k) for f in FORMATS] + [("INT8", 0, 7), ("INT4", 0, 3)]
    svg = Svg(700, 58 + ROW * len(rows), "各种数值格式的位：符号、指数、尾数")
    x = LEFT
    for fill, opacity, text in ((INK, 0.5, "符号"), (ACCENT2, 0.75, "指数（范围）"), (ACCENT, 0.75, "尾数（精度）")):
        svg.rect(x, 10, 20, 20, fill=fill, opacity=opacity)
        svg.text(x + 28, 26, text, anchor="start", size=17)
        x += 48 + 18 * len(text)
    for row, (name, e, k) in enumerate(rows):
        y = 48 + row * ROW
        svg.text(LEFT - 12, y + 21, name, anchor="end", size=17, bold=True)
        for i in range(1 + e + k):
            fill, opacity = (INK, 0.5) if i == 0 else (ACCENT2, 0.75) if i <= e else (ACCENT, 0.75)
            svg.rect(LEFT + i * CELL, y, CELL - 1.5, 28, fill=fill, opacity=opacity, stroke_opacity=0.3)
        text = f"1 + {e} + {k}" if e else f"1 + {k}"
        svg.text(LEFT + (1 + e + k) * CELL + 8, y + 20, text, anchor="start", size=17)
    return svg.render()
