r"""Fallbacks and cascades: how available a chain of models is, what a cascade costs, and what retries do to load.

Sources: Chen et al., *FrugalGPT* (arXiv:2305.05176), section 3 (the cascade); the rest is probability.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod


# --8<-- [start:availability]
def availability(failures: Sequence[float], shared: float = 0.0) -> float:
    """1 − Π p_i if models fail independently; with probability `shared` one cause takes all of them down."""
    return (1 - shared) * (1 - prod(failures))


def load_factor(failure: float, retries: int) -> float:
    """Mean requests sent per request wanted: 1 + p + … + p^retries."""
    return sum(failure**i for i in range(retries + 1))


# --8<-- [end:availability]


# --8<-- [start:cascade]
@dataclass(frozen=True)
class Cascade:
    """A small model whose confidence is uniform on [low, 1] and honest (right that often), backed by a large one."""

    small_cost: float
    large_cost: float
    large_accuracy: float
    low: float = 0.5

    def escalated(self, threshold: float) -> float:
        """Share of the questions with confidence below the threshold."""
        return min(max((threshold - self.low) / (1 - self.low), 0.0), 1.0)

    def cost(self, threshold: float) -> float:
        """Every question pays the small model, the escalated ones the large one too."""
        return self.small_cost + self.escalated(threshold) * self.large_cost

    def accuracy(self, threshold: float) -> float:
        """Answers that are kept are right as often as their confidence says, (t + 1)/2 on average."""
        share = self.escalated(threshold)
        kept = (max(threshold, self.low) + 1) / 2
        return share * self.large_accuracy + (1 - share) * kept


# --8<-- [end:cascade]
