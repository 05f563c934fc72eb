r"""Hiding communication: gradients are all-reduced in buckets while the backward pass of earlier layers runs.

Source: Li et al., *PyTorch Distributed* (arXiv:2006.15704), section 3.2.3. Two lanes, compute and network; a bucket
costs a fixed latency and its share of the bytes. Durations are units of our own.
"""

from __future__ import annotations

from labs.moe.timeline import Task, makespan


# --8<-- [start:buckets]
def backward_with_buckets(layers: int, compute: float, latency: float, transfer: float, bucket: int) -> list[Task]:
    """Backward of `layers` layers (last one first); `bucket` layers are reduced together once the last is ready."""
    tasks = [Task(f"B{i}", "compute", compute) for i in reversed(range(layers))]
    for last in range(layers, 0, -bucket):
        first = max(last - bucket, 0)
        tasks.append(Task(f"R{first}", "network", latency + (last - first) * transfer, (f"B{first}",)))
    return tasks


# --8<-- [end:buckets]


# --8<-- [start:prefetch]
def forward_with_gather(layers: int, compute: float, gather: float, ahead: int) -> list[Task]:
    """ZeRO-3 or FSDP forward: layer i's weights are gathered at most `ahead` layers before they are used."""
    tasks = []
    for i in range(layers):
        wait = (f"F{i - ahead - 1}",) if i > ahead else ()
        tasks.append(Task(f"G{i}", "network", gather, wait))
        tasks.append(Task(f"F{i}", "compute", compute, (f"G{i}",)))
    return tasks


# --8<-- [end:prefetch]


def time(tasks: list[Task]) -> float:
    """When the last task ends."""
    return makespan(tasks)


# --8<-- [start:dualpipe]
def bubbles(p: int, f: float, b: float, w: float, fb: float) -> dict[str, float]:
    """Idle time as DeepSeek-V3 (arXiv:2412.19437, table 2) states it: `b` the whole backward, `w` its weight part,
    `fb` a forward and a backward that overlap each other.
    """
    return {"1F1B": (p - 1) * (f + b), "ZB1P": (p - 1) * (f + b - 2 * w), "DualPipe": (p / 2 - 1) * (fb + b - 3 * w)}


# --8<-- [end:dualpipe]
