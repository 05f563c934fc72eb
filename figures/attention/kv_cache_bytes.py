"""Bytes of KV cache per token of four models, from the lab's formula."""

from __future__ import annotations

from dataclasses import replace

from figures.svg import ACCENT, ACCENT2, Svg
from labs.attention.grouped_query import DEEPSEEK_V3, LLAMA2_7B, LLAMA2_70B, LLAMA3_8B

MODELS = [(LLAMA2_7B, "MHA"), (LLAMA2_70B, "GQA"), (LLAMA3_8B, "GQA"), (DEEPSEEK_V3, "MLA")]


def draw() -> str:
    """Bars in KiB per token (BF16); the pale bar is the same model with a K and a V for every query head."""
    svg = Svg(700, 292, "每个 token 的 KV cache 字节数")
    left, right = 176.0, 480.0
    most = max(replace(model, n_kv=model.n_heads, latent=0).cache_bytes() for model, _ in MODELS)
    for row, (model, kind) in enumerate(MODELS):
        y = 14 + row * 60
        svg.text(left - 12, y + 17, model.name, anchor="end", size=20, bold=True)
        svg.text(left - 12, y + 39, kind, anchor="end", size=18, opacity=0.8)
        full = replace(model, n_kv=model.n_heads, latent=0).cache_bytes()
        kept = model.cache_bytes()
        length = (right - left) * full / most
        svg.rect(left, y, length, 38, fill=ACCENT2, opacity=0.25, stroke_opacity=0.25)
        svg.rect(left, y, (right - left) * kept / most, 38, fill=ACCENT, opacity=0.85, stroke_opacity=0.3)
        text = f"{kept / 1024:.0f} KiB"
        if kept < full:
            text += f"，不共享则 {full / 1024:.0f}"
        svg.text(left + length + 10, y + 26, text, anchor="start", size=18)
    svg.rect(left, 262, 18, 18, fill=ACCENT, opacity=0.85)
    svg.text(left + 26, 278, "实际缓存", anchor="start", size=19)
    svg.rect(left + 136, 262, 18, 18, fill=ACCENT2, opacity=0.25)
    svg.text(left + 162, 278, "若每个查询头都存一份 K、V", anchor="start", size=19)
    return svg.render()
