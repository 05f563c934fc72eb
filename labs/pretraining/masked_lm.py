r"""BERT's data: 15 % of the tokens as targets (80/10/10), fresh or frozen masks, and pairs for NSP and SOP.

Sources: Devlin et al. (arXiv:1810.04805), section 3.1; Liu et al. (arXiv:1907.11692), section 4.1; Lan et al.
(arXiv:1909.11942), section 3.1.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.pretraining.objectives import IGNORE, Ids

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


# --8<-- [start:mask]
def mask_tokens(
    ids: Ids, mask_id: int, vocab: int, special: Mask, rng: np.random.Generator, rate: float = 0.15
) -> tuple[Ids, Ids]:
    """Input and labels (n,) of masked language modelling; `special` (n,) marks tokens never chosen.

    All chosen positions are charged, the unchanged tenth too; nothing else is.
    """
    chosen = (rng.random(ids.shape) < rate) & ~special  # (n,)
    labels = np.where(chosen, ids, IGNORE)  # (n,)
    dice = rng.random(ids.shape)  # (n,)
    source = np.where(chosen & (dice < 0.8), mask_id, ids)  # 80 %: [MASK]
    replaced = chosen & (dice >= 0.8) & (dice < 0.9)  # 10 %: any token; the last 10 % stay
    return np.where(replaced, rng.integers(0, vocab, ids.shape), source), labels


# --8<-- [end:mask]


# --8<-- [start:coverage]
def coverage(epochs: int, copies: int, rate: float = 0.15) -> float:
    """Share of positions that have been a target at least once: static masks repeat after `copies` epochs."""
    return float(1 - (1 - rate) ** min(epochs, copies))


# --8<-- [end:coverage]


# --8<-- [start:pairs]
Pair = tuple[str, str, bool]


def nsp_pair(documents: list[list[str]], doc: int, at: int, rng: np.random.Generator) -> Pair:
    """Half the time the true next segment, half the time one of another document: A, B, is it the next."""
    if rng.random() < 0.5:
        return documents[doc][at], documents[doc][at + 1], True
    other = documents[(doc + int(rng.integers(1, len(documents)))) % len(documents)]
    return documents[doc][at], other[int(rng.integers(len(other)))], False


def sop_pair(documents: list[list[str]], doc: int, at: int, rng: np.random.Generator) -> Pair:
    """The same two neighbours in order or swapped: topic gives nothing away."""
    a, b = documents[doc][at], documents[doc][at + 1]
    return (a, b, True) if rng.random() < 0.5 else (b, a, False)


# --8<-- [end:pairs]
