"""Model states per card of 7.5B parameters on 64 cards under the ZeRO stages."""

from __future__ import annotations

from figures.svg import ACCENT, ACCENT2, INK, Svg
from labs.distributed.zero_costs import state_gb
from labs.numerics.training_memory import MIXED_ADAM

PARAMS, CARDS = 7.5e9, 64


def draw() -> str:
    """Stacked bars: weights, gradients, optimizer states, each whole or divided by 64."""
    svg = Svg(700, 318, "ZeRO 各阶段每卡的模型状态")
    left, right = 110.0, 560.0
    scale = (right - left) / state_gb(PARAMS, CARDS, 0)
    parts = [(MIXED_ADAM.weight, 3), (MIXED_ADAM.grad, 2), (MIXED_ADAM.master + MIXED_ADAM.moments, 1)]
    styles = [(ACCENT, 0.85), (INK, 0.45), (ACCENT2, 0.6)]
    for stage in range(4):
        y = 12 + stage * 60
        svg.text(left - 14, y + 27, ["DDP", "ZeRO-1", "ZeRO-2", "ZeRO-3"][stage], anchor="end", size=20, bold=True)
        x = left
        for (size, since), (color, opacity) in zip(parts, styles, strict=True):
            width = PARAMS * size / 1e9 * scale / (CARDS if stage >= since else 1)
            svg.rect(x, y, width, 38, fill=color, opacity=opacity, stroke_opacity=0.3)
            x += width
        svg.text(x + 10, y + 27, f"{state_gb(PARAMS, CARDS, stage):.3g} GB", anchor="start", size=19)
    for i, (name, (color, opacity)) in enumerate(zip(("参数", "梯度", "优化器状态"), styles, strict=True)):
        svg.rect(left + i * 130, 274, 20, 20, fill=color, opacity=opacity)
        svg.text(left + 28 + i * 130, 291, name, anchor="start", size=19)
    return svg.render()
