"""Error of reading back N pairs from a 64 x 64 state: adding pairs, and the delta rule."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.attention.associative_memory import mean_recall_errors

D = 64
PAIRS = [2, 8, 16, 32, 48, 64, 96, 128]
X0, X1, Y0, Y1, TOP = 70.0, 540.0, 330.0, 40.0, 2.0


def draw() -> str:
    """Two curves over the number of pairs; a broken line at N = d."""
    svg = Svg(720, 400, "固定大小的状态写入越多读回误差越大：累加与 delta 规则的比较")

    def point(pairs: float, error: float) -> tuple[float, float]:
        return X0 + (X1 - X0) * pairs / PAIRS[-1], Y0 + (Y1 - Y0) * error / TOP

    for error in (0, 0.5, 1, 1.5, 2):
        y = point(0, error)[1]
        svg.line(X0, y, X1, y, opacity=0.15)
        svg.text(X0 - 10, y + 5, f"{error:g}", size=15, anchor="end")
    for pairs in (0, 32, 64, 96, 128):
        svg.text(point(pairs, 0)[0], Y0 + 24, str(pairs), size=15)
    x = point(D, 0)[0]
    svg.line(x, Y0, x, Y1, dash="4 4", opacity=0.5)
    svg.text(x - 6, Y1 + 16, "N = d", size=15, anchor="end", italic=True)
    svg.text((X0 + X1) / 2, Y0 + 52, "写入的键值对数 N（d = 64）", size=16)
    svg.text(X0 - 50, Y1 - 18, "相对平方误差", size=15, anchor="start")
    errors = [mean_recall_errors(pairs, D, 20) for pairs in PAIRS]
    for index, (name, color) in enumerate((("只加：线性注意力", ACCENT2), ("先减后写：delta", ACCENT))):
        curve = [point(pairs, error[index]) for pairs, error in zip(PAIRS, errors, strict=True)]
        svg.polyline(curve, stroke=color, width=2.5)
        svg.text(curve[-1][0] + 8, curve[-1][1] + 5, name, size=15, anchor="start")
    return svg.render()
