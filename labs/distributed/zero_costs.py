r"""What each ZeRO stage holds and sends, per card.

Source: Rajbhandari et al., *ZeRO* (arXiv:1910.02054), sections 5 and 7, figure 1 and table 1.
"""

from __future__ import annotations

from labs.numerics.training_memory import MIXED_ADAM


# --8<-- [start:memory]
def state_gb(params: float, cards: int, stage: int) -> float:
    """Model states on one card in GB (10⁹ bytes): 16Φ, 4Φ + 12Φ/N, 2Φ + 14Φ/N, 16Φ/N."""
    return params * MIXED_ADAM.zero(stage, cards) / 1e9


def largest_model(budget_gb: float, cards: int, stage: int) -> float:
    """Parameters whose model states just fit; activations and buffers would still have to go somewhere."""
    return budget_gb * 1e9 / MIXED_ADAM.zero(stage, cards)


# --8<-- [end:memory]


# --8<-- [start:volume]
def volume(stage: int, micro: int = 1) -> float:
    """Numbers a card sends in one step, in units of Φ(N−1)/N, with `micro` accumulated micro-batches.

    0: gradients wait on the card, then one all-reduce (2). 1: they wait too, reduce-scatter + all-gather of parameters.
    2: no room for unreduced gradients, so every micro-batch is reduce-scattered.
    3: every micro-batch also gathers the parameters in forward and again in backward.
    """
    return {0: 2, 1: 1 + 1, 2: micro + 1, 3: 3 * micro}[stage]


# --8<-- [end:volume]


def checkpoint_gather() -> float:
    """P_a of ZeRO-R: one all-gather (1) a block beside 6 all-reduces (2 each) of tensor parallelism."""
    return 1 / (6 * 2)


def naive_stage1() -> float:
    """All-reducing the gradients although each card needs only its own slice: 2 + 1."""
    return 2 + 1
