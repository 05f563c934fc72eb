"""Activations of one GPT-3 layer on one of eight cards: TP, with SP, with selective recomputation."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.distributed.sequence_parallel import layer_activations

LEFT, WIDE = 210.0, 400.0
S, H, HEADS, T = 2048, 12_288, 96, 8


def draw() -> str:
    """Bars split into LayerNorm and dropout, the matrix products, and the quadratic attention core."""
    svg = Svg(690, 330, "GPT-3 一层在一张卡上的激活：TP 8 剩 23sbh，加 SP 剩 14.25，再加选择性重算剩 4.25")
    unit = S * H
    names = (
        ("TP 8", False, True),
        ("TP 8 + SP", True, True),
        ("TP 8 + 选择性", False, False),
        ("三者都用", True, False),
    )
    for i, (name, sp, core) in enumerate(names):
        whole = layer_activations(S, 1, H, HEADS, T, sp, core) / unit
        norm = 10 / (T if sp else 1)
        quadratic = whole - layer_activations(S, 1, H, HEADS, T, sp, False) / unit
        y, x = 26.0 + i * 58, LEFT
        svg.text(LEFT - 12, y + 26, name, size=18, anchor="end")
        for part, color, opacity in (
            (norm, ACCENT2, 0.75),
            (whole - norm - quadratic, ACCENT, 0.75),
            (quadratic, ACCENT, 0.3),
        ):
            if part > 0:
                w = part / 23 * WIDE
                svg.rect(x, y, w, 38, fill=color, opacity=opacity, stroke="none")
                x += w
        svg.text(x + 10, y + 26, f"{whole:g}", size=19, anchor="start", bold=True)
    for x, color, opacity, label in (
        (30, ACCENT2, 0.75, "归一化与 dropout"),
        (240, ACCENT, 0.75, "线性层"),
        (400, ACCENT, 0.3, "s×s 的注意力"),
    ):
        svg.rect(x, 268, 18, 18, fill=color, opacity=opacity, stroke="none")
        svg.text(x + 26, 284, label, size=17, anchor="start")
    svg.text(345, 318, "单位：sbh 字节", size=17)
    return svg.render()
