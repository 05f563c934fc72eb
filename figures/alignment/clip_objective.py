"""PPO's clipped objective over the probability ratio, for a good and a bad token."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.alignment.ppo import clipped_objective


def draw() -> str:
    """Two panels: A = 1 flat on the right of 1.2, A = −1 flat on the left of 0.8; dashed is the unclipped ρA."""
    svg = Svg(740, 340, "裁剪目标对概率比的曲线：A>0 时右侧变平，A<0 时左侧变平")
    for panel, (sign, title) in enumerate([(1.0, "A = 1：好 token"), (-1.0, "A = −1：坏 token")]):
        left, right, top, base = 60.0 + 370 * panel, 350.0 + 370 * panel, 60.0, 260.0
        low, high = (0.0, 2.0) if sign > 0 else (-2.0, 0.0)

        def at(
            rho: float, value: float, box: tuple[float, ...] = (left, right, top, base, low, high)
        ) -> tuple[float, float]:
            x0, x1, y0, y1, least, most = box
            return x0 + (x1 - x0) * rho / 2, y1 - (y1 - y0) * (value - least) / (most - least)

        svg.text((left + right) / 2, 32, title, size=20, bold=True)
        svg.line(left, base, right, base)
        svg.line(left, base, left, top)
        for value in (low, (low + high) / 2, high):
            svg.text(left - 8, at(0, value)[1] + 6, f"{value:.0f}", anchor="end", size=17)
        for rho in (0.8, 1.0, 1.2):
            svg.line(*at(rho, low), *at(rho, high), opacity=0.25, dash="3 4")
        for rho, label in [(0.0, "0"), (0.74, "0.8"), (1.0, "1"), (1.26, "1.2"), (2.0, "2")]:
            svg.text(at(rho, low)[0], base + 24, label, size=17)
        svg.text((left + right) / 2, base + 54, "概率比 ρ", size=18)
        grid = np.linspace(0, 2, 101)
        svg.polyline([at(r, sign * r) for r in (0.0, 2.0)], stroke=ACCENT2, width=2, dash="7 5")
        objective = clipped_objective(grid, np.full(101, sign))
        svg.polyline([at(float(r), float(v)) for r, v in zip(grid, objective, strict=True)], width=3.5)
        flat = (1.65, 1.0) if sign > 0 else (0.36, -1.05)
        svg.text(*at(*flat), "梯度为 0", size=18, fill=ACCENT)
        svg.circle(*at(1.0, sign), 5.5, fill=ACCENT)
    return svg.render()
