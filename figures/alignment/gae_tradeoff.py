"""Exact bias and deviation of a policy gradient over λ, with a critic that does not know the rule."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.alignment.gae import blind_value, gradient_moments, true_value

GRID = [i / 40 for i in range(39)] + [0.96, 0.97, 0.98, 0.99, 1.0]


def draw() -> str:
    """Both curves as multiples of the true gradient: the bias goes down to 0 while the deviation goes up."""
    svg = Svg(700, 340, "λ 从 0 到 1：梯度的偏差降到 0，单样本标准差升高")
    left, right, top, base = 74.0, 660.0, 24.0, 268.0
    truth = (true_value((1,)) - true_value((0,))) / 4

    def at(lam: float, value: float) -> tuple[float, float]:
        return left + (right - left) * lam, base - (base - top) * value / 4

    svg.line(left, base, right, base)
    svg.line(left, base, left, top)
    for tick in range(5):
        svg.text(left - 10, at(0, tick)[1] + 6, str(tick), anchor="end", size=17)
    for lam in (0.0, 0.25, 0.5, 0.75, 1.0):
        svg.text(at(lam, 0)[0], base + 24, f"{lam:g}", size=17)
    svg.text((left + right) / 2, base + 54, "λ（纵轴：真实梯度的倍数）", size=18)
    both = [gradient_moments(lam, blind_value) for lam in GRID]
    svg.polyline(
        [at(lam, s / truth) for lam, (_, s) in zip(GRID, both, strict=True)], stroke=ACCENT2, width=3, dash="8 5"
    )
    svg.polyline([at(lam, abs(m - truth) / truth) for lam, (m, _) in zip(GRID, both, strict=True)], width=3.5)
    svg.text(*at(0.2, 0.75), "偏差", size=19, fill=ACCENT)
    svg.text(*at(0.7, 2.0), "标准差", size=19, fill=ACCENT2)
    return svg.render()
