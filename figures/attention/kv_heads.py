"""What decoding caches per token: MHA, GQA, MQA and MLA side by side, for eight query heads."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg

HEADS = 8
PANEL = 190
PITCH = 22
LEFT = 7.0
WIDTH = HEADS * PITCH - 7.0


def query_heads(svg: Svg, x: float, name: str, caption: str) -> None:
    """What all four have in common."""
    svg.text(x + WIDTH / 2, 28, name, size=24, bold=True)
    for i in range(HEADS):
        svg.rect(x + i * PITCH, 46, 15, 30, rx=2, fill=ACCENT2, opacity=0.35)
    svg.text(x + WIDTH / 2, 224, caption, size=20)


def grouped(svg: Svg, x: float, groups: int) -> None:
    """Cached heads, K above V, with a line from each query head to the pair that it reads."""
    size = HEADS // groups
    for g in range(groups):
        center = x + (g * size + (size - 1) / 2) * PITCH + 7.5
        for i in range(g * size, (g + 1) * size):
            svg.line(x + i * PITCH + 7.5, 78, center, 116, opacity=0.45)
        for row in range(2):
            svg.rect(center - 7.5, 118 + row * 36, 15, 30, rx=2, fill=ACCENT, opacity=0.75)


def latent(svg: Svg, x: float) -> None:
    """MLA: one latent and one RoPE key, read by all heads through projections of their own (dashed)."""
    center = x + WIDTH / 2
    for i in range(HEADS):
        svg.line(x + i * PITCH + 7.5, 78, center, 122, opacity=0.45, dash="3 3")
    svg.rect(center - 62, 124, 80, 30, rx=2, fill=ACCENT, opacity=0.75)
    svg.rect(center + 32, 124, 26, 30, rx=2, fill=ACCENT, opacity=0.4)
    svg.text(center - 34, 178, "潜向量", size=18)
    svg.text(center + 47, 178, "RoPE 键", size=18)


def draw() -> str:
    """The SVG."""
    svg = Svg(LEFT * 2 + 3 * PANEL + WIDTH, 276, "每个 token 缓存什么：MHA、GQA、MQA、MLA")
    for i, (name, groups) in enumerate([("MHA", HEADS), ("GQA", 2), ("MQA", 1)]):
        query_heads(svg, LEFT + i * PANEL, name, f"{groups} 组 K、V")
        grouped(svg, LEFT + i * PANEL, groups)
    query_heads(svg, LEFT + 3 * PANEL, "MLA", "1 条潜向量")
    latent(svg, LEFT + 3 * PANEL)
    svg.rect(150, 248, 18, 18, rx=2, fill=ACCENT2, opacity=0.35)
    svg.text(176, 264, "查询头，不缓存", size=20, anchor="start")
    svg.rect(372, 248, 18, 18, rx=2, fill=ACCENT, opacity=0.75)
    svg.text(398, 264, "缓存：上排 K，下排 V", size=20, anchor="start")
    return svg.render()
