"""Share of the quadratic term in the forward FLOPs of a block, against the length."""

from __future__ import annotations

from math import log2

from figures.svg import ACCENT, ACCENT2, Svg
from labs.foundations.decoder_flops import quadratic_share
from labs.foundations.decoder_params import GPT3, LLAMA_7B

X0, X1, Y0, Y1 = 70.0, 520.0, 280.0, 40.0
LENGTHS = [1024 * 2**i for i in range(9)]


def draw() -> str:
    """Two models; each reaches one half at s = 6h."""
    svg = Svg(700, 350, "注意力二次项在每层前向计算量中的占比随序列长度的变化")

    def point(s: float, share: float) -> tuple[float, float]:
        return X0 + (X1 - X0) * (log2(s) - 10) / 8, Y0 + (Y1 - Y0) * share

    for share in (0, 0.25, 0.5, 0.75, 1):
        y = point(1024, share)[1]
        svg.line(X0, y, X1, y, opacity=0.6 if share == 0 else 0.15)
        svg.text(X0 - 8, y + 5, f"{share:.0%}", size=15, anchor="end")
    for s in LENGTHS[::2]:
        svg.text(point(s, 0)[0], Y0 + 24, f"{s // 1024}K", size=15)
    svg.text((X0 + X1) / 2, Y0 + 52, "序列长度 s", size=16)
    svg.text(X0 - 56, Y1 - 16, "二次项占比", size=15, anchor="start")
    for model, color in ((LLAMA_7B, ACCENT), (GPT3, ACCENT2)):
        curve = [point(s, quadratic_share(model, s)) for s in LENGTHS]
        svg.polyline(curve, stroke=color, width=2.5)
        svg.text(X1 + 10, curve[-1][1] + 5, f"{model.name.split()[0]}，h={model.h}", size=16, anchor="start")
        x, y = point(6 * model.h, quadratic_share(model, 6 * model.h))
        svg.circle(x, y, 5, fill=color)
    svg.text(*point(30_000, 0.57), "s = 6h", size=16, anchor="end")
    return svg.render()
