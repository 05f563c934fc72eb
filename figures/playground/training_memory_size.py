"""Training memory of LLaMA 2 7B on each of 8 cards, mixed-precision Adam, by ZeRO stage."""

from __future__ import annotations

from figures.bars import Row, bars, gb
from labs.foundations.decoder_params import LLAMA_7B
from labs.numerics.training_memory import MIXED_ADAM, activation_bytes, state_parts

NAMES = {"a": "权重", "b": "梯度", "c": "FP32 主权重", "d": "优化器的矩", "faint": "激活"}


def draw() -> str:
    """What the widget shows at its start: one sequence of 4096 tokens, the s × s matrices not kept."""
    kept = activation_bytes(4096, 1, LLAMA_7B.h, LLAMA_7B.heads, LLAMA_7B.layers, "selective")
    rows, sizes = [], []
    for stage, name in enumerate(["不切分", "ZeRO-1", "ZeRO-2", "ZeRO-3"]):
        parts = [*state_parts(LLAMA_7B.total(), 0, MIXED_ADAM, stage, 8).values(), kept]
        sizes.append(gb(sum(parts)))
        rows.append(Row(name, sizes[-1], list(zip(parts, NAMES, strict=True))))
    title = (
        f"Llama 2 7B 全量训练，混合精度 + Adam，8 张卡，每卡一条 4096 长的序列、不存 s × s：每卡 {sizes[0]}；"
        f"ZeRO-1、2、3 依次是 {sizes[1]}、{sizes[2]}、{sizes[3]}"
    )
    return bars(title, rows, NAMES, left=90)
