"""Similarity before and after rewriting: code from the model against code from people."""

from __future__ import annotations

import numpy as np

from figures.svg import ACCENT, ACCENT2, Svg
from labs.ai_coding.rewrite_similarity import scores

BINS = 14


def draw() -> str:
    """Two overlapping histograms."""
    model, people = scores(16, 0.85, 0.0, 1, np.random.default_rng(0))
    svg = Svg(700, 320, "改写前后的相似度分布：模型代码偏高，人写的偏低，中间重叠")
    left, right, top, base = 40.0, 660.0, 40.0, 240.0
    edges = np.linspace(0, 1, BINS + 1)
    wide = (right - left) / BINS
    found = [np.histogram(x, edges)[0] for x in (people, model)]
    most = max(int(f.max()) for f in found)
    for counts, color in zip(found, (ACCENT2, ACCENT), strict=True):
        for i, count in enumerate(counts.tolist()):
            if count:
                height = (base - top) * count / most
                svg.rect(left + wide * i, base - height, wide, height, fill=color, opacity=0.35, stroke=color)
    svg.line(left, base, right, base)
    for value in (0.0, 0.5, 1.0):
        svg.text(left + (right - left) * value, base + 26, f"{value:.1f}", size=17)
    svg.text((left + right) / 2, base + 58, "与改写稿的相似度（二元组）", size=18)
    svg.text(left + (right - left) * 0.13, top + 12, "人写的", size=18, fill=ACCENT2)
    svg.text(left + (right - left) * 0.93, top + 12, "模型写的", size=18, fill=ACCENT, anchor="middle")
    return svg.render()
