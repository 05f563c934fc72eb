"""One Gaussian fitted to two peaks by forward and by reverse KL."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.foundations.cross_entropy_kl import GRID, TWO_PEAKS, Array, best_gaussian, gaussian

X0, X1, Y0, Y1 = 30.0, 670.0, 250.0, 30.0


def draw() -> str:
    """Three densities over one axis."""
    svg = Svg(700, 330, "用一个高斯去拟合双峰分布：前向 KL 铺开盖住两峰，反向 KL 只占一峰")
    forward = gaussian(GRID, *best_gaussian(TWO_PEAKS, reverse=False))  # (n,)
    backward = gaussian(GRID, *best_gaussian(TWO_PEAKS, reverse=True))  # (n,)
    top = float(backward.max())

    def curve(f: Array) -> list[tuple[float, float]]:
        return [
            (X0 + (X1 - X0) * (x + 8) / 16, Y0 + (Y1 - Y0) * v / top)
            for x, v in zip(GRID.tolist(), f.tolist(), strict=True)
            if -8 <= x <= 8
        ]

    svg.line(X0, Y0, X1, Y0)
    for tick in (-6, -3, 0, 3, 6):
        svg.text(X0 + (X1 - X0) * (tick + 8) / 16, Y0 + 22, str(tick), size=15)
    svg.polyline(curve(TWO_PEAKS), stroke=INK, width=2, dash="3 4")
    svg.polyline(curve(forward), stroke=ACCENT2, width=3)
    svg.polyline(curve(backward), stroke=ACCENT, width=3)
    for x, name, color, dash in (
        (40.0, "目标 p（双峰）", INK, "3 4"),
        (250.0, "前向 KL(p‖q)", ACCENT2, ""),
        (470.0, "反向 KL(q‖p)", ACCENT, ""),
    ):
        svg.line(x, 305, x + 36, 305, stroke=color, width=3, opacity=1, dash=dash)
        svg.text(x + 46, 310, name, size=17, anchor="start")
    return svg.render()
