r"""Repeated revision as a two-state Markov chain: right or wrong, fixed at rate f, spoiled at rate b.

The setting of Snell et al. (arXiv:2408.03314), section 6, and Qu et al. (arXiv:2407.18219), with constant rates.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.reliability.majority_vote import after_revision

Array = npt.NDArray[np.float64]


# --8<-- [start:chain]
def last_answer(start: float, fixed: float, spoiled: float, rounds: int) -> Array:
    """Accuracy of the newest answer after 0…rounds revisions, (rounds + 1,)."""
    right = [start]
    for _ in range(rounds):
        right.append(after_revision(right[-1], fixed, spoiled))
    return np.array(right)


def ever_right(start: float, fixed: float, rounds: int) -> Array:
    """Chance that some answer of the chain so far was right, (rounds + 1,): what a perfect verifier can pick."""
    return np.array([1 - (1 - start) * (1 - fixed) ** k for k in range(rounds + 1)])


def limit(fixed: float, spoiled: float) -> float:
    """Where the newest answer settles, whatever the start: f / (f + b)."""
    return fixed / (fixed + spoiled)


# --8<-- [end:chain]
