"""Where the parameters of five models are."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.foundations.decoder_params import GPT2, GPT3, LLAMA3_8B, LLAMA_7B, QWEN25_7B

MODELS = [GPT2, GPT3, LLAMA_7B, LLAMA3_8B, QWEN25_7B]
PARTS = [("attention", "注意力", ACCENT, 0.85), ("mlp", "前馈", ACCENT2, 0.75), ("embedding", "嵌入与输出", INK, 0.25)]


def draw() -> str:
    """One bar a model, in shares of its parameters; norms are too thin to see and counted with the embedding."""
    svg = Svg(720, 330, "五个模型的参数分布：注意力、前馈、嵌入与输出各占多少")
    left, width = 130.0, 470.0
    for row, model in enumerate(MODELS):
        y = 12 + row * 54
        parts, total, x = model.parts(), model.total(), left
        parts["embedding"] = total - parts["attention"] - parts["mlp"]
        svg.text(left - 12, y + 26, model.name.replace(" 175B", ""), size=17, anchor="end", bold=True)
        for part, _, color, opacity in PARTS:
            share = parts[part] / total
            svg.rect(x, y, width * share, 38, fill=color, opacity=opacity, stroke_opacity=0.3)
            if share > 0.05:
                svg.text(x + width * share / 2, y + 25, f"{share:.0%}", size=16)
            x += width * share
        count = total / 1e8
        svg.text(
            left + width + 10, y + 25, f"{count:.3g} 亿" if count < 1000 else f"{count:.0f} 亿", size=17, anchor="start"
        )
    for x, (_, name, color, opacity) in zip((150.0, 310.0, 450.0), PARTS, strict=True):
        svg.rect(x, 296, 18, 18, fill=color, opacity=opacity)
        svg.text(x + 26, 311, name, size=17, anchor="start")
    return svg.render()
