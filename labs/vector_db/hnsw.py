r"""HNSW: a pile of neighbour graphs, sparse above and complete below, searched greedily from the top.

Source: Malkov & Yashunin (arXiv:1603.09320), algorithms 1, 2, 4 and 5. Vectors have length 1.
"""

from __future__ import annotations

from functools import lru_cache
from heapq import heappop, heappush, heapreplace

import numpy as np

from labs.vector_db.evaluate import Array, Ints, shared

Near = list[tuple[float, int]]
"""Nodes with their distance to the query, closest first."""


class HNSW:
    """Index over unit vectors: `insert` one by one, then `search`; `computed` counts distances."""

    # --8<-- [start:insert]
    def __init__(self, x: Array, m: int = 8, ef_construction: int = 24, seed: int = 0) -> None:
        """Index of `x` (n, d) with m links a node on the upper layers and at most 2m on the lowest."""
        self.x, self.m, self.ef = x, m, ef_construction
        self.computed = 0
        u = 1 - np.random.default_rng(seed).random(len(x))  # (n,): in (0, 1]
        self.levels = np.floor(-np.log(u) / np.log(m)).astype(int)  # (n,): each layer keeps one node in m
        self.links: list[dict[int, list[int]]] = []  # per layer: node → neighbours
        self.entry = 0
        for i in range(len(x)):
            self.insert(i)

    def insert(self, i: int) -> None:
        """Walk down greedily to the layer of `i`, then link it on that layer and every one below."""
        q, level = self.x[i], int(self.levels[i])  # (d,)
        top = len(self.links) - 1
        if top >= 0:
            near = [(self.distance(q, [self.entry])[0], self.entry)]
            for layer in range(top, -1, -1):
                near = self.search_layer(q, near, self.ef if layer <= level else 1, layer)
                if layer <= level:
                    self.connect(i, near, layer)
        for _ in range(top, level):
            self.links.append({i: []})  # the first node of a new layer becomes the entry
            self.entry = i

    def connect(self, i: int, near: Near, layer: int) -> None:
        """Link `i` both ways with a choice of `near`; a neighbour with too many links chooses again."""
        graph, limit = self.links[layer], self.m if layer else 2 * self.m
        graph[i] = [j for _, j in self.choose(near, self.m)]
        for j in graph[i]:
            graph[j].append(i)
            if len(graph[j]) > limit:
                around = sorted(zip(self.distance(self.x[j], graph[j]), graph[j], strict=True))
                graph[j] = [c for _, c in self.choose(around, limit)]

    def choose(self, near: Near, m: int) -> Near:
        """Keep a candidate only if no node kept before is closer to it than the query is: links in all directions."""
        ids = [j for _, j in near]
        rows = self.x.take(ids, axis=0)  # (c, d)
        between = (2 - 2 * (rows @ rows.T)).tolist()  # (c, c)
        self.computed += len(ids) * (len(ids) - 1) // 2
        kept: list[int] = []
        for a, (d, _) in enumerate(near):
            if len(kept) < m and all(between[a][b] >= d for b in kept):
                kept.append(a)
        return [near[a] for a in kept]

    # --8<-- [end:insert]

    # --8<-- [start:search]
    def search_layer(self, q: Array, entry: Near, ef: int, layer: int) -> Near:
        """The ef closest nodes that a best-first walk from `entry` meets on one layer."""
        graph = self.links[layer]
        seen = {j for _, j in entry}
        frontier = list(entry)  # min-heap: the next node to expand
        best = [(-d, j) for d, j in entry]  # max-heap: the ef closest so far, the worst on top
        frontier.sort()
        best.sort()
        while frontier:
            d, j = heappop(frontier)
            if d > -best[0][0] and len(best) >= ef:
                break  # everything left is farther than the worst kept
            new = [c for c in graph[j] if c not in seen]
            if not new:
                continue
            seen.update(new)
            for e, c in zip(self.distance(q, new), new, strict=True):
                if len(best) < ef:
                    heappush(best, (-e, c))
                    heappush(frontier, (e, c))
                elif e < -best[0][0]:
                    heapreplace(best, (-e, c))
                    heappush(frontier, (e, c))
        return sorted((-d, j) for d, j in best)

    def search(self, q: Array, k: int = 10, ef: int = 20) -> tuple[Ints, float]:
        """The k closest nodes found for `q` (d,), and the distances computed."""
        before = self.computed
        near = [(self.distance(q, [self.entry])[0], self.entry)]
        for layer in range(len(self.links) - 1, 0, -1):
            near = self.search_layer(q, near, 1, layer)  # greedy: one candidate
        near = self.search_layer(q, near, max(ef, k), 0)
        return np.array([j for _, j in near[:k]], dtype=np.int64), self.computed - before

    # --8<-- [end:search]

    def distance(self, q: Array, ids: list[int]) -> list[float]:
        """Squared distances of `q` (d,) to some nodes."""
        self.computed += len(ids)
        out: list[float] = (2 - 2 * (self.x.take(ids, axis=0) @ q)).tolist()
        return out


@lru_cache
def shared_index() -> HNSW:
    """The index over the shared vectors, built once: it takes a second or two."""
    return HNSW(shared()[0])
