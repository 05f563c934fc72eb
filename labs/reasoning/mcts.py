r"""Monte-Carlo tree search with UCT on a toy tree whose true values can be computed by brute force.

Kocsis & Szepesvári, *Bandit Based Monte-Carlo Planning* (2006). A state is the tuple of actions taken so far; at depth
`depth` a leaf pays 1 with the probability in `payoff`, an array with one axis of size `branching` per level.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf, log, sqrt

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
State = tuple[int, ...]


# --8<-- [start:uct]
def uct(total: float, visits: int, parent: int, c: float) -> float:
    """Mean return plus exploration bonus of one edge; `total` is the sum of returns; an untried edge comes first."""
    return inf if visits == 0 else total / visits + c * sqrt(log(parent) / visits)


# --8<-- [end:uct]


@dataclass
class Search:
    """Visits and summed returns of every state reached so far."""

    payoff: Array
    c: float
    rng: np.random.Generator
    visits: dict[State, int] = field(default_factory=dict)
    total: dict[State, float] = field(default_factory=dict)

    # --8<-- [start:simulate]
    def simulate(self) -> None:
        """One round: select down the tree, expand one node, roll out at random, back the return up."""
        branching, depth = self.payoff.shape[0], self.payoff.ndim
        path: list[State] = [()]
        while len(path[-1]) < depth and path[-1] in self.visits:  # selection, until a state not yet in the tree
            here = path[-1]
            scores = [
                uct(self.total.get((*here, a), 0.0), self.visits.get((*here, a), 0), self.visits[here], self.c)
                for a in range(branching)
            ]
            best = [a for a in range(branching) if scores[a] == max(scores)]
            path.append((*here, best[int(self.rng.integers(len(best)))]))
        leaf = path[-1]  # expansion: it enters the tree below
        while len(leaf) < depth:  # simulation
            leaf = (*leaf, int(self.rng.integers(branching)))
        reward = float(self.rng.random() < self.payoff[leaf])
        for state in path:  # backpropagation
            self.visits[state] = self.visits.get(state, 0) + 1
            self.total[state] = self.total.get(state, 0.0) + reward

    # --8<-- [end:simulate]

    def root_visits(self) -> list[int]:
        """How often each first action was taken; the most visited one is the answer."""
        return [self.visits.get((a,), 0) for a in range(self.payoff.shape[0])]


def brute_force(payoff: Array) -> tuple[Array, Array]:
    """Value of each first action (branching,): under the best play after it, and under random play after it."""
    best, mean = payoff, payoff
    while best.ndim > 1:
        best, mean = best.max(axis=-1), mean.mean(axis=-1)
    return best, mean


def hit_rate(payoff: Array, c: float, checkpoints: list[int], seeds: int) -> list[float]:
    """Share of independent searches whose most visited first action is the best one, after so many rounds."""
    best = int(brute_force(payoff)[0].argmax())
    hits = np.zeros(len(checkpoints))
    for seed in range(seeds):
        search = Search(payoff, c, np.random.default_rng(seed))
        for n in range(1, max(checkpoints) + 1):
            search.simulate()
            if n in checkpoints:
                hits[checkpoints.index(n)] += int(np.argmax(search.root_visits())) == best
    return [float(h) for h in hits / seeds]


def trap_tree() -> Array:
    """Three levels of three actions. Below action 0 all is 0.5, below 1 all is 0.1 but one leaf of 0.9, below 2 0.3."""
    payoff = np.full((3, 3, 3), 0.5)  # (first, second, third)
    payoff[1] = 0.1
    payoff[1, 2, 0] = 0.9
    payoff[2] = 0.3
    return payoff
