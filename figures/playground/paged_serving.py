"""Steps that ten requests take through a cache of 256 slots, by how its memory is given out."""

from __future__ import annotations

from figures.bars import Row, bars
from labs.serving.paged_trace import Memory, Totals, run, totals
from labs.serving.requests import Request

NAMES = {"paged": "分页", "exact": "预知长度", "pow2": "预留 2 的幂", "most": "预留最大长度"}
LENGTHS = [(20, 30), (12, 60), (40, 20), (8, 90), (30, 40), (16, 16), (24, 70), (10, 25), (36, 50), (14, 80)]
START = [Request(0, prompt, output) for prompt, output in LENGTHS]


def numbers(policy: str) -> Totals:
    """Of the widget's start values."""
    return totals(START, run(START, Memory(256, 16, 128, policy), 16))


def draw() -> str:
    """What the widget shows at its start."""
    steps = {policy: numbers(policy).steps for policy in NAMES}
    title = "十条请求用 256 个槽的缓存，全部做完要几步：" + "，".join(
        f"{name} {steps[policy]} 步" for policy, name in NAMES.items()
    )
    rows = [Row(name, f"{steps[p]} 步", [(steps[p], "a" if p == "paged" else "faint")]) for p, name in NAMES.items()]
    return bars(title, rows)
