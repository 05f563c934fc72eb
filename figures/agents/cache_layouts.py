"""Input cost of a 50-step run under seven layouts of the context."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.agents.prefix_cache import Work, hits, input_cost, prompts_of

ROWS = [
    ("append", "只追加"),
    ("clock last", "时间戳在末尾"),
    ("tool toggled", "偶尔换工具"),
    ("window", "只留最近 10 轮"),
    ("tools retrieved", "每轮检索工具"),
    ("shuffled tools", "次序不定"),
    ("clock first", "时间戳在最前"),
]


def draw() -> str:
    """Horizontal bars, dollars at their ends, the share of hits behind."""
    svg = Svg(720, 340, "七种上下文摆法的输入费用与命中率")
    svg.text(212, 26, "输入费用（美元）与命中率", size=17, anchor="start")
    for i, (layout, label) in enumerate(ROWS):
        prompts, outputs = prompts_of(Work(), layout)
        found = hits(prompts, outputs)
        dollars = input_cost(prompts, found, 3, 0.1)
        share = sum(found) / sum(len(p) for p in prompts)
        y, color = 44 + i * 41.0, ACCENT if share > 0.9 else ACCENT2
        svg.text(200, y + 22, label, size=18, anchor="end")
        svg.rect(212, y, dollars * 200, 30, fill=color, opacity=0.7, stroke=color)
        svg.text(220 + dollars * 200, y + 22, f"{dollars:.2f}（{share:.0%}）", size=18, anchor="start")
    return svg.render()
