r"""Compute and communication on two lanes: what of the all-to-all can be hidden?

Sources: DeepSeek-V2 (arXiv:2405.04434), section 3.1.3 (shared experts during all-to-all); Cai et al. (arXiv:2404.05019)
and LongCat-Flash (arXiv:2509.01322) for the shortcut. Durations are units of our own; only the order is theirs.
"""

from __future__ import annotations

from dataclasses import dataclass


# --8<-- [start:schedule]
@dataclass(frozen=True)
class Task:
    """Work on one lane that starts once its lane is free and everything in `after` is done."""

    name: str
    lane: str
    time: float
    after: tuple[str, ...] = ()


def schedule(tasks: list[Task]) -> dict[str, tuple[float, float]]:
    """Start and end of each task; each lane runs its tasks in the order of the list."""
    free: dict[str, float] = {}
    done: dict[str, tuple[float, float]] = {}
    for t in tasks:
        start = max([free.get(t.lane, 0.0), *(done[name][1] for name in t.after)])
        done[t.name] = (start, start + t.time)
        free[t.lane] = start + t.time
    return done


# --8<-- [end:schedule]


# --8<-- [start:orders]
def plain(c: float = 2, f: float = 2) -> list[Task]:
    """Attention, shared expert, dispatch, experts, combine in a row, twice a dense part before them."""
    return [
        Task("注意力", "compute", 2),
        Task("派发", "network", c, ("注意力",)),
        Task("专家", "compute", f, ("派发",)),
        Task("汇聚", "network", c, ("专家",)),
        Task("共享专家", "compute", 2, ("汇聚",)),
    ]


def shared_overlap(c: float = 2, f: float = 2) -> list[Task]:
    """The same work, but the shared expert, which needs no network, runs during the dispatch."""
    return [
        Task("注意力", "compute", 2),
        Task("派发", "network", c, ("注意力",)),
        Task("共享专家", "compute", 2, ("注意力",)),
        Task("专家", "compute", f, ("派发",)),
        Task("汇聚", "network", c, ("专家",)),
    ]


def in_a_row(c: float = 2, f: float = 2) -> list[Task]:
    """Attention 1, MoE, dense FFN 1, attention 2, dense FFN 2 without a shortcut."""
    return [
        Task("注意力 1", "compute", 2),
        Task("派发", "network", c, ("注意力 1",)),
        Task("专家", "compute", f, ("派发",)),
        Task("汇聚", "network", c, ("专家",)),
        Task("FFN 1", "compute", 2, ("汇聚",)),
        Task("注意力 2", "compute", 2),
        Task("FFN 2", "compute", 2),
    ]


def shortcut(c: float = 2, f: float = 2) -> list[Task]:
    """The MoE starts from attention 1 and is added at the end; the dense path computes meanwhile."""
    return [
        Task("注意力 1", "compute", 2),
        Task("派发", "network", c, ("注意力 1",)),
        Task("FFN 1", "compute", 2, ("注意力 1",)),
        Task("专家", "compute", f, ("派发",)),
        Task("汇聚", "network", c, ("专家",)),
        Task("注意力 2", "compute", 2, ("FFN 1",)),
        Task("FFN 2", "compute", 2),
    ]


# --8<-- [end:orders]


def makespan(tasks: list[Task]) -> float:
    """When the last task ends."""
    return max(end for _, end in schedule(tasks).values())
