"""Binary digits and sinusoids of positions 0 to 31 side by side: fast columns left, slow columns right."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, Svg
from labs.position.position_codes import binary_code
from labs.position.sinusoidal import encode

N, CELL_H = 32, 11.0


def draw() -> str:
    """Two heat maps, (32, 5) bits and the sines of (32, 10): dark is 1, blank is 0 or −1."""
    svg = Svg(680, 456, "左：位置 0 到 31 的二进制各位；右：同样位置的正弦编码，从左到右一列比一列变化慢")
    sines = encode(np.arange(N), 10, base=100.0)[:, 0::2]  # (32, 5): one column per pair
    panels = [("二进制：0 与 1 之间跳变", binary_code(N, 5)), ("正弦：连续变化", (sines + 1) / 2)]
    for index, (name, values) in enumerate(panels):
        x0, y0, width = 70 + index * 320, 44, 50.0
        svg.text(x0 + 2.5 * width, 28, name, size=17, bold=True)
        for t in range(N):
            for i in range(5):
                svg.rect(
                    x0 + i * width,
                    y0 + t * CELL_H,
                    width - 2,
                    CELL_H - 1,
                    fill=ACCENT,
                    opacity=float(values[t, i]),
                    stroke="none",
                )
        svg.rect(x0 - 2, y0 - 2, 5 * width + 2, N * CELL_H + 3)
        for i in range(5):
            svg.text(x0 + (i + 0.5) * width, y0 + N * CELL_H + 22, f"第 {i} {'位' if index == 0 else '组'}", size=14)
        svg.text(x0 + 2.5 * width, y0 + N * CELL_H + 44, "← 变得快　　　变得慢 →", size=14)
    for t in (0, 8, 16, 24):
        svg.text(60, 44 + t * CELL_H + 10, str(t), size=14, anchor="end")
    svg.text(30, 24, "位置", size=14)
    return svg.render()
