"""Mean square of the activations through 30 ReLU layers under three initialisations."""

from __future__ import annotations

from math import log10

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.foundations.initialization import second_moments

X0, X1, Y0, Y1 = 76.0, 470.0, 320.0, 40.0
LOW, HIGH = -25.0, 2.0
SCHEMES = [
    ("he", "He：2/n", ACCENT, ""),
    ("xavier", "Xavier：1/n", ACCENT2, ""),
    ("default", "nn.Linear 默认：1/(3n)", INK, "7 5"),
]


def draw() -> str:
    """Three lines, straight on the logarithmic axis."""
    svg = Svg(700, 384, "30 层 ReLU 网络各层激活的均方，三种初始化，纵轴是对数")

    def point(layer: int, moment: float) -> tuple[float, float]:
        return X0 + (X1 - X0) * layer / 30, Y0 + (Y1 - Y0) * (log10(moment) - LOW) / (HIGH - LOW)

    for power in range(-24, 1, 6):
        y = point(0, 10.0**power)[1]
        svg.line(X0, y, X1, y, opacity=0.45 if power == 0 else 0.15)
        svg.text(X0 - 8, y + 5, "1" if power == 0 else f"1e{power}", size=15, anchor="end")
    for layer in (0, 10, 20, 30):
        svg.text(point(layer, 1)[0], Y0 + 24, str(layer), size=15)
    svg.text((X0 + X1) / 2, Y0 + 50, "层", size=16)
    svg.text(X0 - 62, Y1 - 18, "激活的均方", size=15, anchor="start")
    for scheme, name, color, dash in SCHEMES:
        curve = [point(i, float(m)) for i, m in enumerate(second_moments(scheme, "relu"))]
        svg.polyline(curve, stroke=color, width=2.5, dash=dash)
        svg.text(curve[-1][0] + 8, curve[-1][1] + 5, name, size=16, anchor="start")
    return svg.render()
