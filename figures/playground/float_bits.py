"""0.1 in seven formats: the bits of the number that each keeps, and that number."""

from __future__ import annotations

import math

import numpy as np

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.numerics.float_formats import E2M1, FORMATS, decode, encode

LEFT, CELL, ROW = 104.0, 14.2, 50.0


def draw() -> str:
    """One row a format, one cell a bit; below the bits the code and the number."""
    svg = Svg(580, 44 + ROW * (len(FORMATS) + 1), "0.1 存进七种格式：每一位，和真正存下的数")
    x = LEFT
    for fill, text in ((INK, "符号"), (ACCENT2, "指数"), (ACCENT, "尾数")):
        svg.rect(x, 8, 16, 16, fill=fill, opacity=0.35)
        svg.text(x + 24, 22, text, anchor="start", size=16)
        x += 84
    for row, f in enumerate((*FORMATS, E2M1)):
        y, code = 40 + row * ROW, int(encode(np.array(0.1), f))
        svg.text(LEFT - 12, y + 17, f.name, anchor="end", size=16, bold=True)
        for i, bit in enumerate(f"{code:0{f.bits}b}"):
            fill = INK if i == 0 else ACCENT2 if i <= f.e else ACCENT
            svg.rect(LEFT + i * CELL, y, CELL - 1.5, 22, fill=fill, opacity=0.25, stroke_opacity=0.3)
            svg.text(LEFT + i * CELL + CELL / 2 - 0.75, y + 16, bit, size=13)
        number = np.format_float_positional(float(decode(np.array(code), f)), trim="-")
        svg.text(LEFT, y + 38, f"0x{code:0{math.ceil(f.bits / 4)}X}，即 {number}", anchor="start", size=15)
    return svg.render()
