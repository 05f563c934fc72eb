"""The lower bound of a decoding step and what one change each takes off it."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.serving.levers import Server, levers

NAMES = {
    "MHA": "若用 MHA",
    "base": "基线（GQA）",
    "int4 weights": "权重 4 bit",
    "int8 cache": "缓存 8 bit",
    "2 GPUs": "两卡张量并行",
    "speculative": "投机，α=0.7",
}


def draw() -> str:
    """Stacked bars: reading weights, reading the cache; a tick where arithmetic alone would be."""
    svg = Svg(720, 372, "解码一步的时间下界")
    left, scale = 150.0, 8.6
    for row, (key, server) in enumerate(levers(Server()).items()):
        y = 14.0 + row * 52
        weights, cache, flops = server.parts()
        svg.text(left - 12, y + 24, NAMES[key], anchor="end", size=18)
        svg.rect(left, y, weights * scale, 34, fill=ACCENT, opacity=0.8, stroke_opacity=0.3)
        svg.rect(left + weights * scale, y, cache * scale, 34, fill=ACCENT2, opacity=0.75, stroke_opacity=0.3)
        svg.line(left + flops * scale, y - 3, left + flops * scale, y + 37, stroke=INK, width=3, opacity=1)
        end = left + server.milliseconds() * scale
        svg.text(end + 8, y + 24, f"{server.milliseconds():.1f} ms", anchor="start", size=18)
    y = 334.0
    svg.rect(60, y, 20, 20, fill=ACCENT, opacity=0.8)
    svg.text(88, y + 17, "读权重", anchor="start", size=18)
    svg.rect(200, y, 20, 20, fill=ACCENT2, opacity=0.75)
    svg.text(228, y + 17, "读 KV cache", anchor="start", size=18)
    svg.line(390, y, 390, y + 20, stroke=INK, width=3, opacity=1)
    svg.text(402, y + 17, "单算计算要多久（与读取重叠）", anchor="start", size=18)
    return svg.render()
