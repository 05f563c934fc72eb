"""Toy CapFilt: what a model learns from five training sets."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.multimodal.capfilt import datasets, recall

ROWS = [
    ("web", "网络文本"),
    ("filter", "过滤网络文本"),
    ("caption", "加合成，不过滤"),
    ("unfiltered captions", "只过滤网络"),
    ("both", "两路都过滤"),
]


def draw() -> str:
    svg = Svg(700, 350, "五种训练集的检索准确率与正确描述占比")
    runs = [{k: (d[2].mean(), recall(d, s)) for k, d in datasets(s).items()} for s in range(5)]
    left, width = 170.0, 400.0
    for row, (key, name) in enumerate(ROWS):
        right, found = np.mean([run[key] for run in runs], axis=0)
        y = 12 + row * 58
        svg.text(left - 12, y + 28, name, anchor="end", size=19)
        svg.rect(left, y, width * float(found), 22, fill=ACCENT, opacity=0.8, stroke_opacity=0.3)
        svg.text(left + width * float(found) + 8, y + 18, f"{100 * found:.1f}%", anchor="start", size=18)
        svg.rect(left, y + 24, width * float(right), 16, fill=ACCENT2, opacity=0.45, stroke_opacity=0.3)
        svg.text(left + width * float(right) + 8, y + 39, f"{100 * right:.1f}%", anchor="start", size=16, opacity=0.85)
    svg.rect(left, 316, 20, 20, fill=ACCENT, opacity=0.8)
    svg.text(left + 28, 333, "检索 recall@1", anchor="start", size=18)
    svg.rect(left + 190, 316, 20, 20, fill=ACCENT2, opacity=0.45)
    svg.text(left + 218, 333, "描述正确的占比", anchor="start", size=18)
    return svg.render()
