"""Where the parameters of Llama 3 8B are, and its forward pass of 2048 tokens."""

from __future__ import annotations

from figures.bars import Row, bars, flop, short
from labs.foundations.decoder_flops import forward_total
from labs.foundations.decoder_params import LLAMA3_8B

NAMES = {"attention": "注意力", "mlp": "前馈", "norms": "归一化", "token embedding": "词嵌入", "output": "输出层"}


def draw() -> str:
    """What the widget shows at its start: parameters by part; the count and the work in the title."""
    parts, total = LLAMA3_8B.parts(), LLAMA3_8B.total()
    work = flop(forward_total(LLAMA3_8B, 1, 2048))
    title = f"Llama 3 8B 的 {short(total)} 个参数在哪里；前向一条 2048 个 token 的序列要 {work}"
    rows = [
        Row(name, f"{short(parts[key])} · {parts[key] / total:.1%}", [(parts[key], "a")]) for key, name in NAMES.items()
    ]
    return bars(title, rows, left=130, right=540)
