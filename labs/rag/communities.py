r"""Communities of a graph by modularity: the Louvain method, and every partition for the truth.

Sources: Newman & Girvan's modularity; Blondel et al. (2008) for the two phases. GraphRAG uses Leiden, which adds a
refinement step that keeps every community connected.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


# --8<-- [start:modularity]
def surplus(a: Array) -> Array:
    """B (n, n) = A − k kᵀ / 2m: edges that are there, less those expected from the degrees k alone."""
    k = a.sum(1)  # (n,)
    return np.asarray(a - np.outer(k, k) / k.sum())


def modularity(a: Array, labels: Ints) -> float:
    """Q = Σ_ij B_ij [i and j share a community] / 2m, for symmetric `a` (n, n) and `labels` (n,)."""
    same = labels[:, None] == labels[None, :]  # (n, n)
    return float((surplus(a) * same).sum() / a.sum())


# --8<-- [end:modularity]


# --8<-- [start:louvain]
def local_moves(a: Array) -> Ints:
    """Each node in turn joins the community where Q gains most, until no move helps: (n,) labels."""
    b, labels = surplus(a), np.arange(len(a))
    moved = True
    while moved:
        moved = False
        for i in range(len(a)):
            others = np.arange(len(a)) != i
            gain = np.bincount(labels[others], b[i, others], len(a))  # (n,) of joining each community
            best = int(gain.argmax())
            if gain[best] > gain[labels[i]] + 1e-12:
                labels[i], moved = best, True
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def louvain(a: Array) -> list[Ints]:
    """Labels of the original nodes after each level: move nodes, melt each community into one node, repeat."""
    levels: list[Ints] = []
    total = np.arange(len(a))
    while True:
        labels = local_moves(a)
        if len(set(labels.tolist())) == len(a):  # nothing merged
            return levels
        total = labels[total]
        levels.append(total)
        member = np.eye(labels.max() + 1)[labels]  # (n, communities)
        a = member.T @ a @ member  # inner edges become a self-loop


# --8<-- [end:louvain]


def partitions(n: int) -> Iterator[list[int]]:
    """Every way to split n nodes, as labels in order of first appearance (Bell(n) of them)."""
    if n == 0:
        yield []
        return
    for head in partitions(n - 1):
        for label in range(max(head, default=-1) + 2):
            yield [*head, label]


# --8<-- [start:calls]
def global_calls(communities: int, batch: int) -> int:
    """Model calls of one global question: each batch of community reports gives a partial answer, one call merges."""
    return -(-communities // batch) + 1


# --8<-- [end:calls]

NAMES = ["RoPE", "YaRN", "位置插值", "长度外推", "MLA", "GQA", "FlashAttention", "LoRA", "QLoRA", "训练显存"]
EDGES = [
    (0, 1), (0, 2), (1, 2), (2, 3), (0, 3), (1, 3), (0, 4), (1, 4), (4, 5),
    (5, 6), (4, 6), (1, 6), (6, 9), (4, 7), (7, 8), (7, 9), (8, 9),
]  # fmt: skip
"""Links between ten pages of this handbook on the day the experiment was made."""


def handbook() -> Array:
    """(10, 10) symmetric adjacency."""
    a = np.zeros((len(NAMES), len(NAMES)))
    for i, j in EDGES:
        a[i, j] = a[j, i] = 1
    return a
