"""KV cache per token: DeepSeek-V2 as MHA, DeepSeek 67B, DeepSeek-V2 (page models/deepseek-v2)."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.models.layer_cache import MODELS, numbers


def bars(models: list[tuple[str, str]], title: str) -> str:
    """One horizontal bar per (model, label), in KiB per token at 16 bits; the last one is the point."""
    sizes = [(numbers(MODELS[m], 1) - numbers(MODELS[m], 0)) * 2 / 1024 for m, _ in models]
    svg = Svg(680, 56 + 54 * len(models), title)
    svg.text(20, 26, "每个 token 的 KV cache（16 bit）", size=15, anchor="start")
    for i, ((_, label), size) in enumerate(zip(models, sizes, strict=True)):
        y, width = 48 + 54 * i, 390 * size / max(sizes)
        svg.text(170, y + 23, label, size=15, anchor="end")
        svg.rect(180, y, width, 34, fill=ACCENT if i == len(models) - 1 else ACCENT2, opacity=0.7)
        svg.text(190 + width, y + 23, f"{size:g} KiB", size=15, anchor="start")
    return svg.render()


def draw() -> str:
    """Three bars on one scale."""
    return bars(
        [("DeepSeek-V2, as MHA", "V2 若用 MHA"), ("DeepSeek 67B", "DeepSeek 67B"), ("DeepSeek-V2", "DeepSeek-V2")],
        "DeepSeek-V2 每个 token 的 KV cache",
    )
