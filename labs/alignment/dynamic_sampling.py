r"""Dynamic sampling: how many questions are drawn to fill a batch, and what the filter does to the expected gradient.

Source: Yu et al., *DAPO* (arXiv:2503.14476), section 3.2.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.alignment.group_advantage import expected_gradient, informative

Array = npt.NDArray[np.float64]


# --8<-- [start:fill]
def kept_share(rates: Array, size: int) -> float:
    """Share of questions, with pass rates (Q,), whose group of `size` answers is neither all right nor all wrong."""
    return float(np.mean([informative(p, size) for p in rates]))


def fill(rates: Array, size: int, batch: int, rng: np.random.Generator) -> tuple[Array, int]:
    """Draw questions and groups until `batch` groups are informative: their pass rates (batch,), and groups drawn."""
    kept: list[float] = []
    drawn = 0
    while len(kept) < batch:
        p = float(rng.choice(rates))
        drawn += 1
        if 0 < rng.binomial(size, p) < size:
            kept.append(p)
    return np.array(kept), drawn


# --8<-- [end:fill]


# --8<-- [start:direction]
def plain_gradient(rates: Array, size: int, kind: str) -> Array:
    """Expected contribution of each question to a batch of one group, without a filter: (Q,)."""
    return np.array([expected_gradient(p, size, kind) for p in rates]) / len(rates)


def filtered_gradient(rates: Array, size: int, kind: str) -> Array:
    """The same with the filter (Q,): a question is drawn more rarely, but speaks louder when it is kept."""
    useful = np.array([informative(p, size) for p in rates])  # (Q,)
    given_kept = np.array([expected_gradient(p, size, kind) for p in rates]) / useful  # (Q,)
    share = useful / useful.sum()  # (Q,): law of the question in a kept group
    return np.asarray(share * given_kept)


# --8<-- [end:direction]
