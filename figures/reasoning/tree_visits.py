"""Visits of the two upper levels of the toy tree after 50 and after 500 rounds of one search."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.reasoning.mcts import Search, brute_force, trap_tree


def draw() -> str:
    """Two trees side by side; the disc's area shows the share of visits."""
    svg = Svg(720, 330, "同一次搜索在 50 轮与 500 轮后的访问次数")
    search = Search(trap_tree(), 1.0, np.random.default_rng(0))
    best = int(brute_force(search.payoff)[0].argmax())
    done = 0
    for middle, rounds in ((180.0, 50), (540.0, 500)):
        while done < rounds:
            search.simulate()
            done += 1
        svg.text(middle, 24, f"{rounds} 轮", size=19, bold=True)
        root = (middle, 60.0)
        for a in range(3):
            x, y = middle + (a - 1) * 116, 160.0
            svg.line(*root, x, y, opacity=0.5)
            for b in range(3):
                seen = search.visits.get((a, b), 0)
                svg.line(x, y, x + (b - 1) * 38, 258.0, opacity=0.4)
                svg.circle(
                    x + (b - 1) * 38, 258.0, 2 + 20 * (seen / rounds) ** 0.5, fill=ACCENT if a == best else ACCENT2
                )
            seen = search.visits.get((a,), 0)
            svg.circle(x, y, 2 + 24 * (seen / rounds) ** 0.5, fill=ACCENT if a == best else ACCENT2)
            svg.text(x, 316, f"{'ABC'[a]}：{seen}", size=18)
        svg.circle(*root, 5)
    return svg.render()
