r"""Which rank does what: coordinates of a rank in the grid of parallel dimensions, and the groups along each of them.

Source: Megatron-Core `parallel_state.py` (order "tp-cp-ep-dp-pp": the first name varies fastest); Narayanan et al.
(arXiv:2104.04473), section 3.
"""

from __future__ import annotations

from math import prod

Sizes = dict[str, int]
"""Size of every dimension, in order, fastest first: {"tp": 2, "dp": 2, "pp": 4}."""


# --8<-- [start:grid]
def coordinates(rank: int, sizes: Sizes) -> dict[str, int]:
    """Position of `rank` in the grid: digits of a number whose digits have different bases."""
    where = {}
    for name, size in sizes.items():
        rank, where[name] = divmod(rank, size)
    return where


def groups(sizes: Sizes, *along: str) -> list[list[int]]:
    """Ranks that differ in the dimensions `along` only: they are the ones that talk to each other."""
    found: dict[tuple[int, ...], list[int]] = {}
    for rank in range(prod(sizes.values())):
        where = coordinates(rank, sizes)
        found.setdefault(tuple(i for name, i in where.items() if name not in along), []).append(rank)
    return list(found.values())


# --8<-- [end:grid]


# --8<-- [start:choices]
def choices(world: int, heads: int, layers: int, node: int = 8) -> list[tuple[int, int, int]]:
    """All (tp, pp, dp) with tp·pp·dp = world, tp within a node and dividing the heads, pp dividing the layers."""
    return [
        (tp, pp, world // (tp * pp))
        for tp in range(1, node + 1)
        for pp in range(1, layers + 1)
        if world % (tp * pp) == 0 and node % tp == 0 and heads % tp == 0 and layers % pp == 0
    ]


def embedding_groups(sizes: Sizes) -> list[list[int]]:
    """First and last stage of each pipeline: tied input and output embeddings add up their gradients."""
    return [sorted({g[0], g[-1]}) for g in groups(sizes, "pp")]


# --8<-- [end:choices]


def nodes_touched(group: list[int], node: int = 8) -> int:
    """Servers that a group reaches over."""
    return len({rank // node for rank in group})
