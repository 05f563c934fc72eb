"""Proxy and gold score against KL while a policy without penalty is trained on a reward model fitted once."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.alignment.overoptimization import REFERENCE, fit_proxy, train

X0, X1, Y0, Y1 = 70.0, 560.0, 330.0, 40.0
LOW, HIGH, WIDE = -2.0, 7.5, 6.5


def draw() -> str:
    """Two curves that leave together and part; dots where a penalty would have stopped the run."""
    svg = Svg(720, 400, "代理奖励随 KL 一路上升，真实得分先升后降；圆点是 β = 2、0.5、0.2、0.1 时停下的位置")
    proxy = fit_proxy(REFERENCE)

    def point(divergence: float, score: float) -> tuple[float, float]:
        return X0 + (X1 - X0) * divergence**0.5 / WIDE, Y0 + (Y1 - Y0) * (score - LOW) / (HIGH - LOW)

    for score in (-2, 0, 2, 4, 6):
        y = point(0, score)[1]
        svg.line(X0, y, X1, y, opacity=0.5 if score == 0 else 0.15)
        svg.text(X0 - 10, y + 5, str(score).replace("-", "−"), size=15, anchor="end")
    for d in range(7):
        svg.text(point(d * d, 0)[0], Y0 + 24, str(d), size=15)
    svg.text((X0 + X1) / 2, Y0 + 52, "离参考策略的距离 √KL", size=16)
    svg.text(X0 - 48, Y1 - 14, "得分", size=15, anchor="start")

    run = train(proxy, 0.0, 400)
    for values, color, label in ((run.proxy, ACCENT2, "代理奖励"), (run.gold, ACCENT, "真实得分")):
        curve = [point(float(k), float(v)) for k, v in zip(run.kl, values, strict=True)][::4]
        svg.polyline(curve, stroke=color, width=3)
        svg.text(curve[-1][0] + 8, curve[-1][1] + 5, label, size=16, anchor="start")
    for beta in (2.0, 0.5, 0.2, 0.1):
        held = train(proxy, beta, 400)
        x, y = point(float(held.kl[-1]), float(held.gold[-1]))
        svg.circle(x, y, 6, fill=ACCENT)
        svg.text(x, y + 26, f"β={beta:g}", size=14)
    return svg.render()
