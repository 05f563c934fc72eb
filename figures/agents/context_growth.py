"""Tokens read at each step of the agent's run: what was read before, and what is new."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.agents.agent_loop import SYSTEM, TASK, office, run, script


def draw() -> str:
    """One stacked bar a step."""
    read = run(script, office([]), SYSTEM, TASK).read
    svg = Svg(680, 350, "五轮里每轮读入的 token：旧的越来越多，新的大致不变")
    base, scale, width = 286.0, 0.86, 76.0
    svg.line(40, base, 520, base)
    for i, n in enumerate(read):
        x, old = 56 + i * 92.0, read[i - 1] if i else 0
        svg.rect(x, base - old * scale, width, old * scale, fill=ACCENT, opacity=0.75, stroke=ACCENT)
        svg.rect(x, base - n * scale, width, (n - old) * scale, fill=ACCENT2, opacity=0.75, stroke=ACCENT2)
        svg.text(x + width / 2, base - n * scale - 10, str(n), size=18, bold=True)
        svg.text(x + width / 2, base + 26, f"第 {i + 1} 轮", size=17)
    svg.rect(540, 90, 22, 22, fill=ACCENT2, opacity=0.75, stroke=ACCENT2)
    svg.text(572, 107, "新接上的", size=18, anchor="start")
    svg.rect(540, 128, 22, 22, fill=ACCENT, opacity=0.75, stroke=ACCENT)
    svg.text(572, 145, "上轮已读", size=18, anchor="start")
    svg.text(280, base + 54, "每轮读入的 token", size=17)
    return svg.render()
