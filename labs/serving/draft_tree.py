r"""A tree of guesses checked in one pass: each node attends to its ancestors only.

Source: Cai et al., *Medusa* (arXiv:2401.10774), section 2.1.2 (tree attention) and 2.3.1 (typical acceptance).
"""

from __future__ import annotations

from itertools import product

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Path = tuple[int, ...]


# --8<-- [start:tree]
def full_tree(widths: list[int]) -> list[Path]:
    """Nodes of the Cartesian product of each head's best tokens: a node is the ranks chosen on the way to it."""
    return [path for depth in range(1, len(widths) + 1) for path in product(*(range(w) for w in widths[:depth]))]


def tree_mask(nodes: list[Path]) -> Mask:
    """(n, n), True where the row's node may see the column's: itself and its ancestors, never another branch."""
    return np.array([[child[: len(node)] == node for node in nodes] for child in nodes])


def depths(nodes: list[Path]) -> npt.NDArray[np.int64]:
    """Position of each node after the prefix, (n,): siblings share one, so RoPE must use it, not the index."""
    return np.array([len(node) for node in nodes])


# --8<-- [end:tree]


# --8<-- [start:expected]
def expected_accepted(nodes: list[Path], accuracy: Array) -> float:
    """Mean accepted depth; `accuracy` (heads, ranks) is how often a head's r-th guess is the right token.

    One node of a level at most can be right, so the chances of the nodes simply add up (independent heads).
    """
    return float(sum(np.prod([accuracy[d, r] for d, r in enumerate(node)]) for node in nodes))


def greedy_tree(accuracy: Array, size: int) -> list[Path]:
    """The best tree of `size` nodes: always add the node with the largest chance whose parent is in."""
    nodes: list[Path] = []
    frontier: dict[Path, float] = {(0,): float(accuracy[0, 0])}
    while len(nodes) < size:
        node = max(frontier, key=lambda n: frontier[n])
        chance = frontier.pop(node)
        nodes.append(node)
        d, r = len(node) - 1, node[-1]
        if r + 1 < accuracy.shape[1]:  # its next sibling
            frontier[(*node[:-1], r + 1)] = chance / float(accuracy[d, r]) * float(accuracy[d, r + 1])
        if d + 1 < accuracy.shape[0]:  # its first child
            frontier[(*node, 0)] = chance * float(accuracy[d + 1, 0])
    return nodes


# --8<-- [end:expected]


# --8<-- [start:typical]
def typical_accept(p: Array, token: int, epsilon: float = 0.09, delta: float = 0.3) -> bool:
    """Accept if p(token) > min(ε, δ·exp(−H(p))): the draft's own probability plays no part, so p is not preserved."""
    entropy = -float((p[p > 0] * np.log(p[p > 0])).sum())
    return bool(p[token] > min(epsilon, delta * np.exp(-entropy)))


# --8<-- [end:typical]
