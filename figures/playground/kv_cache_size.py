"""KV cache of one request of Llama 3 8B, 8192 tokens in 16 bit, with its own attention and with others."""

from __future__ import annotations

from figures.bars import Row, bars, gib
from figures.records import RECORDS
from labs.models.layer_cache import layers_of, numbers

KINDS = {
    "own": "原样：GQA，8 组",
    "mha": "改成 MHA",
    "gqa": "改成 GQA，8 组",
    "mqa": "改成 MQA",
    "mla": "改成 MLA",
}


def draw() -> str:
    """What the widget shows at its start."""
    model = RECORDS["llama-3-8b"]
    sizes = {kind: 2 * numbers(layers_of(model, kind), 8192) for kind in KINDS}
    title = (
        f"{model['name']} 缓存 8192 个 token（16 bit）：原样 {gib(sizes['own'])}，改成 MHA 是 {gib(sizes['mha'])}，"
        f"MQA {gib(sizes['mqa'])}，MLA（512 + 64 维）{gib(sizes['mla'])}"
    )
    rows = [
        Row(name, gib(sizes[kind]), [(sizes[kind], "a" if kind == "own" else "faint")]) for kind, name in KINDS.items()
    ]
    return bars(title, rows)
