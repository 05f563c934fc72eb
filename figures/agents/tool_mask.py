"""Chance of each tool: free, two allowed and masked piece by piece, a whole group by prefill."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.agents.tool_masking import decode, names


def draw() -> str:
    """Seven rows of tools, three columns of bars."""
    every = names()
    group = {name for name in every if name.startswith("browser_")}
    columns = [
        ("不限制", decode(set(every)), INK),
        ("只许两个，逐 token", decode({"browser_click", "shell_exec"}), ACCENT2),
        ("预填 browser_", decode(group, "browser_"), ACCENT),
    ]
    svg = Svg(720, 330, "七个工具的概率，三种限制方式")
    for c, (head, chances, color) in enumerate(columns):
        x = 158 + c * 190.0
        svg.text(x, 26, head, size=17, anchor="start", bold=True)
        svg.line(x, 40, x, 316, opacity=0.5)
        for i, name in enumerate(every):
            y = 46 + i * 39.0
            if c == 0:
                svg.text(148, y + 21, name, size=17, anchor="end")
            svg.rect(x, y, 120 * chances[name], 28, fill=color, opacity=0.55, stroke=color)
            svg.text(x + 120 * chances[name] + 8, y + 21, f"{chances[name]:.2f}", size=17, anchor="start")
    return svg.render()
