"""Perplexity of one text under one model, for different strides of the evaluation window."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.evaluation.perplexity import bursty_text, perplexity, sliding_nll

STRIDES = [256, 128, 64, 32, 16, 8]


def draw() -> str:
    """Bars of perplexity over the stride, and the line that the whole text as context would reach."""
    ids = bursty_text(2048, 200, 0)
    values = [perplexity(sliding_nll(ids, 200, 256, s)) for s in STRIDES]
    full = perplexity(sliding_nll(ids, 200, 2048, 2048))
    svg = Svg(700, 300, "窗口 256 时步长越小困惑度越低")
    left, base, scale = 60.0, 240.0, 3.3
    for i, (stride, value) in enumerate(zip(STRIDES, values, strict=True)):
        x = left + 14 + 100 * i
        svg.rect(x, base - scale * value, 70, scale * value, fill=ACCENT, opacity=0.75, stroke_opacity=0.3)
        svg.text(x + 35, base - scale * value - 8, f"{value:.1f}", size=18)
        svg.text(x + 35, base + 22, str(stride), size=18)
    svg.line(left, base, left + 620, base)
    svg.line(left, base - scale * full, left + 620, base - scale * full, stroke=ACCENT2, width=2, dash="7 5", opacity=1)
    svg.text(left + 310, base + 50, f"步长（窗口 256）；虚线：整段上文，{full:.1f}", size=18)
    svg.text(24, 120, "困", size=18)
    svg.text(24, 142, "惑", size=18)
    svg.text(24, 164, "度", size=18)
    return svg.render()
