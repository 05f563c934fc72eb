"""Model states and activations of a 7B model, before and after what each method takes away."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, Svg
from labs.numerics.training_memory import MIXED_ADAM, MIXED_ADAM_8BIT, activation_bytes


def draw() -> str:
    """Upper bars: bytes per parameter times 7e9. Lower bars: h = 4096, 32 heads and layers, one sequence of 4096."""
    svg = Svg(700, 372, "7B 模型的训练显存：模型状态与激活")
    states = [
        ("全量 AdamW", MIXED_ADAM.per_param() * 7),
        ("8 bit Adam", MIXED_ADAM_8BIT.per_param() * 7),
        ("ZeRO-3，8 卡", MIXED_ADAM.zero(3, 8) * 7),
    ]
    kinds = [("全存", "all"), ("选择性重算", "selective"), ("全重算", "inputs")]
    activations = [(name, activation_bytes(4096, 1, 4096, 32, 32, keep) / 1e9) for name, keep in kinds]
    left, scale = 160.0, 3.6
    y = 30.0
    for title, rows, color in [
        ("模型状态（每卡，N = 7B）", states, ACCENT),
        ("激活（一条 4096 长的序列，32 层）", activations, ACCENT2),
    ]:
        svg.text(14, y, title, anchor="start", size=19, bold=True)
        for name, size in rows:
            y += 46
            svg.text(left - 12, y, name, anchor="end", size=18)
            svg.rect(left, y - 22, size * scale, 32, fill=color, opacity=0.8, stroke_opacity=0.3)
            svg.text(left + size * scale + 10, y + 1, f"{size:.0f} GB", anchor="start", size=18)
        y += 54
    return svg.render()
