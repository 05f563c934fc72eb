"""Qwen3-Next: the layer pattern, and the cache of the hybrid against full attention everywhere (page models/qwen3)."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.models.layer_cache import MODELS, NEXT_FULL, numbers


def draw() -> str:
    """A strip of 48 layers above two straight lines."""
    svg = Svg(680, 430, "Qwen3-Next 的层与缓存")
    layers = MODELS["Qwen3-Next-80B-A3B"]
    svg.text(40, 28, "36 层 Gated DeltaNet", size=15, anchor="start", fill=ACCENT)
    svg.text(640, 28, "12 层全注意力", size=15, anchor="end", fill=ACCENT2)
    for i, layer in enumerate(layers):
        color = ACCENT2 if layer.per_token else ACCENT
        svg.rect(40 + i * 12.5, 42, 11, 36, fill=color, opacity=0.75, stroke_opacity=0)
    x0, y0, width, height, top, longest = 90, 370, 480, 250, 24.0, 262_144
    svg.line(x0, y0, x0 + width, y0)
    svg.line(x0, y0, x0, y0 - height)
    for gib in (6, 12, 18, 24):
        svg.text(x0 - 10, y0 - height * gib / top + 5, f"{gib}", size=14, anchor="end")
    svg.text(x0 - 60, y0 - height - 14, "缓存（GiB，16 bit）", size=14, anchor="start")
    for k in (64, 128, 192, 256):
        svg.text(x0 + width * k * 1024 / longest, y0 + 22, f"{k}K", size=14)
    svg.text(x0 + width / 2, y0 + 46, "上下文（token）", size=14)
    for name, stack, color in (("48 层全注意力", [NEXT_FULL] * 48, ACCENT2), ("混合", layers, ACCENT)):
        end = numbers(stack, longest) * 2 / 2**30
        start = numbers(stack, 0) * 2 / 2**30
        svg.polyline(
            [(x0, y0 - height * start / top), (x0 + width, y0 - height * end / top)],
            stroke=color,
            width=3,
        )
        svg.text(x0 + width * 0.78, y0 - height * end / top * 0.78 - 16, name, size=15, anchor="end", fill=color)
    return svg.render()
