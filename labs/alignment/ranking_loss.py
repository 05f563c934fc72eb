r"""The loss of a reward model: the mean over all pairs of a ranking of $-\log\sigma(r_w-r_l-m)$.

Sources: Ouyang et al. (arXiv:2203.02155), section 3.5, for all C(K, 2) pairs of a ranking as one batch element;
Touvron et al. (arXiv:2307.09288), section 3.2.2, for the margin m.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import numpy.typing as npt

from labs.alignment.bradley_terry import log_sigmoid

Array = npt.NDArray[np.float64]


# --8<-- [start:loss]
def pair_loss(gap: Array, margin: Array | float = 0.0) -> Array:
    r"""$-\log\sigma(\Delta-m)$ of the gaps $\Delta=r_w-r_l$ (n,): (n,)."""
    return -log_sigmoid(gap - margin)


def pair_gradient(gap: Array, margin: Array | float = 0.0) -> Array:
    r"""$\partial\ell/\partial r_w=-\sigma(m-\Delta)$, and $\partial\ell/\partial r_l$ is its opposite: (n,)."""
    return -np.exp(log_sigmoid(margin - gap))


def ranking_loss(ranked: Array) -> tuple[float, Array]:
    """Loss and gradient in the rewards `ranked` (K,), best answer first: the mean over its C(K, 2) pairs."""
    pairs = list(combinations(range(len(ranked)), 2))  # (winner, loser)
    winner, loser = np.array(pairs).T  # (C,), (C,)
    gap = ranked[winner] - ranked[loser]  # (C,)
    grad = np.zeros_like(ranked)  # (K,)
    np.add.at(grad, winner, pair_gradient(gap) / len(pairs))
    np.add.at(grad, loser, -pair_gradient(gap) / len(pairs))
    return float(pair_loss(gap).mean()), grad


# --8<-- [end:loss]
