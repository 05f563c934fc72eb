r"""Vector search with a condition on the metadata: filter before, after, or inside the walk over the graph.

Sources: Briggs, *The Missing WHERE Clause in Vector Search* (2023); Patel et al., *ACORN* (arXiv:2403.04871).
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush

import numpy as np
import numpy.typing as npt

from labs.vector_db.evaluate import Array, Ints, recall, shared
from labs.vector_db.hnsw import HNSW

Allowed = npt.NDArray[np.bool_]
"""Which of the n stored vectors satisfy the condition."""
Search = Callable[[Allowed, Array], tuple[Ints, float]]


# --8<-- [start:stages]
def pre_filter(x: Array, allowed: Allowed, query: Array, k: int = 10) -> tuple[Ints, float]:
    """Brute force among the rows of `x` (n, d) that pass: exact, and the cost is the number that pass."""
    ids = np.flatnonzero(allowed)  # (s,)
    distance = 2 - 2 * (x[ids] @ query)  # (s,)
    return ids[np.argsort(distance, kind="stable")[:k]], len(ids)


def post_filter(index: HNSW, allowed: Allowed, query: Array, fetch: int, k: int = 10) -> tuple[Ints, float]:
    """Ask the index for the `fetch` nearest, then drop those that fail: may leave fewer than k."""
    ids, cost = index.search(query, fetch, ef=fetch)
    return ids[allowed[ids]][:k], cost


# --8<-- [end:stages]


# --8<-- [start:inside]
def in_graph(
    index: HNSW, allowed: Allowed, query: Array, ef: int = 40, k: int = 10, through: bool = True
) -> tuple[Ints, float]:
    """Walk the lowest layer, keep only nodes that pass; `through` may step on the others."""
    before = index.computed
    near = [(index.distance(query, [index.entry])[0], index.entry)]
    for layer in range(len(index.links) - 1, 0, -1):
        near = index.search_layer(query, near, 1, layer)  # the upper layers ignore the condition
    graph, frontier, seen = index.links[0], list(near), {near[0][1]}
    best: list[tuple[float, int]] = [(-d, j) for d, j in near if allowed[j]]  # max-heap of nodes that pass
    while frontier:
        d, j = heappop(frontier)
        if len(best) >= ef and d > -best[0][0]:
            break  # with few that pass, `best` fills late, and the walk goes on and on
        new = [c for c in graph[j] if c not in seen and (through or allowed[c])]
        seen.update(new)
        for e, c in zip(index.distance(query, new), new, strict=True):
            if len(best) < ef or e < -best[0][0]:
                heappush(frontier, (e, c))
                if allowed[c]:
                    heappush(best, (-e, c))
                    if len(best) > ef:
                        heappop(best)
    ids = [j for _, j in sorted((-d, j) for d, j in best)]
    return np.array(ids[:k], dtype=np.int64), index.computed - before


# --8<-- [end:inside]


def random_condition(n: int, share: float, seed: int = 0) -> Allowed:
    """A condition that has nothing to do with the vectors: round(share·n) rows pass."""
    allowed = np.zeros(n, dtype=bool)
    allowed[np.random.default_rng(seed).permutation(n)[: round(share * n)]] = True
    return allowed


def measure(search: Search, allowed: Allowed, queries: int = 25) -> tuple[float, float, float]:
    """Mean recall@10 against `pre_filter`, mean cost and mean number of results over the first shared queries."""
    x, rows = shared()
    found = [search(allowed, q) for q in rows[:queries]]
    recalls = [recall(ids, pre_filter(x, allowed, q)[0]) for (ids, _), q in zip(found, rows, strict=False)]
    return float(np.mean(recalls)), float(np.mean([c for _, c in found])), float(np.mean([len(i) for i, _ in found]))
