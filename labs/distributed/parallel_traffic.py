r"""What each kind of parallelism sends in one training step, in numbers per card.

Sources: Shoeybi et al. (arXiv:1909.08053), section 3 (four all-reduces a layer); Rajbhandari et al. (arXiv:1910.02054),
section 7 (3Φ for ZeRO-3); Narayanan et al. (arXiv:2104.04473), section 3.2. A ring all-reduce of M numbers sends
2(n−1)/n·M from each card, a reduce-scatter or an all-gather half of that.
"""

from __future__ import annotations


# --8<-- [start:volumes]
def all_reduce(numbers: float, cards: int) -> float:
    """Numbers that each card sends in a ring all-reduce."""
    return 2 * (cards - 1) / cards * numbers


def tensor_parallel(tokens: int, h: int, layers: int, t: int) -> float:
    """2 all-reduces of (tokens, h) forward and 2 backward in each layer."""
    return layers * 4 * all_reduce(tokens * h, t)


def zero3(params: float, cards: int) -> float:
    """All-gather of the weights forward and backward, reduce-scatter of the gradients: 3Φ, whatever the batch is."""
    return 3 * (cards - 1) / cards * params


def data_parallel(params: float, cards: int) -> float:
    """One all-reduce of the gradients."""
    return all_reduce(params, cards)


def pipeline(tokens: int, h: int, chunks: int = 1, t: int = 1) -> float:
    """A middle stage sends (tokens, h) on and its gradient back, once per chunk; split t ways if TP sends slices."""
    return 2 * chunks * tokens * h / t


# --8<-- [end:volumes]


def gpt_params(h: int, layers: int) -> int:
    """12h² weights a layer, no embeddings."""
    return 12 * h * h * layers
