"""How token 1 reaches token 6: along the chain of an RNN, or directly by attention."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.attention.path_length import everywhere, hops, recurrent

N = 6
LEFT, STEP = 70.0, 100.0


def draw() -> str:
    svg = Svg(640, 420, "上：RNN 里第 1 个 token 的信息逐步传到第 6 个；下：自注意力里第 6 个 token 直接读到第 1 个")
    xs = [LEFT + STEP * i for i in range(N)]

    svg.text(20, 34, f"RNN：{hops(recurrent(N), 0, N - 1)} 步，一步接一步", size=20, anchor="start", bold=True)
    for i, x in enumerate(xs):
        box(svg, x, 90, f"h{i + 1}", ACCENT2 if i in (0, N - 1) else INK)
        if i:
            svg.line(xs[i - 1] + 30, 90, x - 32, 90, stroke=ACCENT2, width=3, opacity=1, arrow=True)

    svg.text(20, 190, f"自注意力：{hops(everywhere(N), 0, N - 1)} 步", size=20, anchor="start", bold=True)
    for i, x in enumerate(xs):
        box(svg, x, 240, f"x{i + 1}", ACCENT if i == 0 else INK)
        if i == 0:
            svg.line(x + 12, 262, xs[-1] - 34, 356, stroke=ACCENT, width=3, opacity=1, arrow=True)
        else:
            start = x if i == N - 1 else x + 8
            svg.line(start, 262, xs[-1] - 30 + 9 * i, 340, opacity=0.35, arrow=True)
    box(svg, xs[-1], 364, f"y{N}", ACCENT)
    return svg.render()


def box(svg: Svg, x: float, y: float, label: str, color: str) -> None:
    """A state or token centred at (x, y)."""
    svg.rect(x - 28, y - 22, 56, 44, rx=8, fill=color, opacity=0.15, stroke=color, stroke_opacity=0.8)
    svg.text(x, y + 7, label, size=20)
