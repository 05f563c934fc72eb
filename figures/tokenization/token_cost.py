"""Tokens of four sentences that say the same in Chinese and in English, against the number of merges."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.tokenization.token_cost import MIXTURES, curve

SIZES = list(range(0, 251, 10))
TOP, BOTTOM, WIDTH = 70.0, 320.0, 280.0
MOST = 180


def draw() -> str:
    svg = Svg(720, 392, "同义的中英文句子用了多少 token：左边只用英文训练，右边中英各半")
    for panel, (name, texts) in enumerate(MIXTURES.items()):
        left = 60.0 + panel * 350
        points = curve(texts, SIZES)
        svg.text(left + WIDTH / 2, 30, f"训练语料：{name}", size=19, bold=True)
        for value in range(0, MOST + 1, 60):
            y = height(value)
            svg.line(left, y, left + WIDTH, y, opacity=0.2)
            svg.text(left - 8, y + 6, str(value), size=16, anchor="end", opacity=0.8)
        for value in (0, 100, 200):
            svg.text(left + WIDTH * value / SIZES[-1], BOTTOM + 24, str(value), size=16, opacity=0.8)
        for which, (color, label) in enumerate(((ACCENT, "中文"), (ACCENT2, "英文"))):
            line = [(left + WIDTH * size / SIZES[-1], height(p[which])) for size, p in zip(SIZES, points, strict=True)]
            svg.polyline(line, stroke=color, width=3)
            lift = -12 if (which == 0) == (panel == 0) else 26
            if panel == 1:
                lift = -22 if which else 30
            x, y = line[-3]
            svg.text(x, y + lift, f"{label} {points[-1][which]}", size=18, fill=color, bold=True)
    svg.text(360, 380, "合并次数（纵轴：四句话的 token 总数）", size=17)
    return svg.render()


def height(value: float) -> float:
    """y of a number of tokens."""
    return BOTTOM - (BOTTOM - TOP) * value / MOST
