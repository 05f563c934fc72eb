"""Five logits at temperature 2, cut by top-p 0.9, in the order of Transformers."""

from __future__ import annotations

import numpy as np

from figures.bars import Row, bars
from labs.attention.scaled_dot_product import softmax
from labs.decoding.pipeline import ORDERS, Settings, next_distribution, stages
from labs.decoding.samplers import kept

LOGITS = {"甲": 3.0, "乙": 2.0, "丙": 1.0, "丁": 0.0, "戊": -1.0}
SETTINGS = Settings(t=2.0, p=0.9)


def draw() -> str:
    """What the widget shows at its start."""
    logits = np.array([*LOGITS.values()])
    left = {engine: len(kept(stages(logits, [], SETTINGS, engine)[-1])) for engine in ORDERS}
    title = (
        f"logit 为 3、2、1、0、−1，温度 2、top-p 0.9：Transformers 与 vLLM 先除温度，留 {left['transformers']} 个；"
        f"llama.cpp 后除温度，留 {left['llama.cpp']} 个。图是前一种次序，灰色是比原来减去的概率，绿色是多出来的"
    )
    before, after = softmax(logits), next_distribution(logits, [], SETTINGS)
    rows = [
        Row(
            word,
            f"{p:.1%}" if p else "截掉",
            [(float(min(was, p)), "a"), (float(max(0, p - was)), "c"), (float(max(0, was - p)), "faint")],
        )
        for word, was, p in zip(LOGITS, before, after, strict=True)
    ]
    return bars(title, rows, {"a": "原来就有的概率", "c": "多出来的", "faint": "减去的"}, left=60)
