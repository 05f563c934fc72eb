"""Seconds that five ways of all-reduce take for 14 GB on four cards (50 GB/s, 10 µs a step)."""

from __future__ import annotations

from figures.bars import Row, bars, scaled
from labs.distributed.all_reduce_moves import cost

NAMES = {"ring": "环", "halving": "折半加倍", "tree": "树", "chain": "不切块沿环传", "server": "一张卡代收代发"}


def time(seconds: float) -> str:
    """As the widget writes it."""
    return scaled(seconds * 1e6, 1000, ["微秒", "毫秒", "秒"])


def seconds(kind: str) -> float:
    """Of the widget's start values."""
    return cost(kind, 4, 14e9, 10e-6, 50e9).seconds


def draw() -> str:
    """What the widget shows at its start."""
    times = {kind: seconds(kind) for kind in NAMES}
    title = "4 张卡对 14 GB 做 all-reduce（每卡 50 GB/s，每步延迟 10 微秒）：" + "，".join(
        f"{NAMES[kind]} {time(took)}" for kind, took in times.items()
    )
    rows = [Row(NAMES[kind], time(took), [(took, "a" if kind == "ring" else "faint")]) for kind, took in times.items()]
    return bars(title, rows)
