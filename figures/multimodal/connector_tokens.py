"""Image tokens that reach the LLM, per image."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.multimodal.anyres import llava_next_tokens, resampled_tokens
from labs.multimodal.connectors import patches


def draw() -> str:
    svg = Svg(700, 330, "每张图交给语言模型的 token 数")
    square = (1000, 1000)
    rows = [
        ("BLIP-2", 32, True),
        ("Qwen-VL", 256, True),
        ("xGen-MM 四块", resampled_tokens(square), True),
        ("LLaVA-1.5", patches(336, 14), False),
        ("LLaVA-NeXT 四块", sum(llava_next_tokens(square)), False),
    ]
    left, most = 186.0, max(n for _, n, _ in rows)
    for k, (name, n, fixed) in enumerate(rows):
        y = 12 + 54 * k
        svg.text(left - 12, y + 27, name, anchor="end", size=19)
        svg.rect(left, y, 420 * n / most, 38, fill=ACCENT if fixed else ACCENT2, opacity=0.75, stroke_opacity=0.3)
        svg.text(left + 420 * n / most + 8, y + 27, str(n), anchor="start", size=19, bold=True)
    svg.rect(left, 294, 20, 20, fill=ACCENT, opacity=0.75)
    svg.text(left + 28, 311, "固定数量的查询", anchor="start", size=18)
    svg.rect(left + 210, 294, 20, 20, fill=ACCENT2, opacity=0.75)
    svg.text(left + 238, 311, "每块图一个 token", anchor="start", size=18)
    return svg.render()
