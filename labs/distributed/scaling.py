r"""When does adding cards stop helping? Compute shrinks with 1/N, the gradient all-reduce does not.

A training step of Φ parameters on T tokens takes about 6ΦT floating-point operations (2 forward, 4 backward).
"""

from __future__ import annotations

from labs.distributed.ring_allreduce import ring_seconds


# --8<-- [start:scaling]
def compute_seconds(params: float, tokens: float, cards: int, flops: float) -> float:
    """One step's arithmetic, perfectly split over the cards."""
    return 6 * params * tokens / (cards * flops)


def sync_seconds(params: float, cards: int, bandwidth: float, alpha: float = 0.0) -> float:
    """Ring all-reduce of 16-bit gradients."""
    return ring_seconds(cards, 2 * params, alpha, bandwidth)


def efficiency(
    params: float, tokens: float, cards: int, flops: float, bandwidth: float, overlap: bool = False
) -> float:
    """Share of the step in which a card computes; with `overlap` the shorter of the two is hidden entirely."""
    work = compute_seconds(params, tokens, cards, flops)
    talk = sync_seconds(params, cards, bandwidth) if cards > 1 else 0.0
    return work / (max(work, talk) if overlap else work + talk)


# --8<-- [end:scaling]


def years_on_one_card(params: float, tokens: float, flops: float) -> float:
    """Wall-clock years of a whole pre-training run on a single card."""
    return compute_seconds(params, tokens, 1, flops) / (365 * 24 * 3600)
