r"""N replicas, writes that wait for W and reads that ask R: what a partition and a small R + W do.

Sources: Gilbert & Lynch, *Brewer's Conjecture…* (2002); Brewer, *CAP Twelve Years Later* (2012).
"""

from __future__ import annotations

from math import comb

import numpy as np


# --8<-- [start:cluster]
class Cluster:
    """Replicas of one value with a version each; `sides` says which group of the network each replica is in."""

    def __init__(self, n: int, w: int, r: int, seed: int = 0) -> None:
        """n replicas at version 0; a write needs w of them, a read r."""
        self.versions, self.w, self.r = [0] * n, w, r
        self.sides = [0] * n  # all in one group: no partition
        self.rng = np.random.default_rng(seed)

    def reachable(self, side: int) -> list[int]:
        """Replicas that a client on `side` can talk to, in random order."""
        nodes = [i for i, s in enumerate(self.sides) if s == side]
        return [int(i) for i in self.rng.permutation(nodes)]

    def write(self, version: int, side: int = 0, crash_after: int | None = None) -> bool:
        """Store `version` on w reachable replicas; refused if there are fewer. A crash leaves only a part written."""
        nodes = self.reachable(side)
        if len(nodes) < self.w:
            return False
        for i in nodes[: self.w if crash_after is None else crash_after]:
            self.versions[i] = max(self.versions[i], version)
        return crash_after is None

    def read(self, side: int = 0) -> int | None:
        """The newest version among r reachable replicas; refused (None) if there are fewer."""
        nodes = self.reachable(side)
        return max(self.versions[i] for i in nodes[: self.r]) if len(nodes) >= self.r else None


# --8<-- [end:cluster]


# --8<-- [start:stale]
def stale_chance(n: int, w: int, r: int) -> float:
    """Chance that r random replicas all missed a write that w of n hold: C(n − w, r) / C(n, r)."""
    return comb(n - w, r) / comb(n, r)  # comb is 0 when r > n − w, that is when r + w > n


def stale_rate(n: int, w: int, r: int, rounds: int, seed: int = 0) -> float:
    """The same by simulation: write, read at once, count the reads that return an older version."""
    cluster, stale = Cluster(n, w, r, seed), 0
    for version in range(1, rounds + 1):
        cluster.write(version)
        stale += cluster.read() != version
    return stale / rounds


# --8<-- [end:stale]


def during_partition(w: int, r: int) -> list[tuple[str, int | bool | None]]:
    """Three replicas, one cut off from two: each side writes, then each side reads."""
    cluster = Cluster(3, w, r)
    cluster.sides = [0, 1, 1]
    return [
        ("write on the small side", cluster.write(1, side=0)),
        ("write on the large side", cluster.write(2, side=1)),
        ("read on the small side", cluster.read(side=0)),
        ("read on the large side", cluster.read(side=1)),
    ]
