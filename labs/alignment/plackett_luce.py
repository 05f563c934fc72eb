r"""Plackett-Luce: a ranking is built from the top, each place drawn by a softmax over what is left.

Sources: Plackett, *The Analysis of Permutations* (1975); Rafailov et al. (arXiv:2305.18290), appendix A.3, for its use
with preference data.
"""

from __future__ import annotations

from itertools import permutations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]
Order = tuple[int, ...]


# --8<-- [start:model]
def log_prob(r: Array, order: Order) -> float:
    r"""$\sum_k\big[r_{\tau(k)}-\log\sum_{j\ge k}e^{r_{\tau(j)}}\big]$: scores (K,), `order` lists items best first."""
    ranked = r[list(order)]  # (K,)
    return float(sum(ranked[k] - np.logaddexp.reduce(ranked[k:]) for k in range(len(ranked))))


def gradient(r: Array, order: Order) -> Array:
    """Gradient of `log_prob` in the scores: (K,). Each place adds one-hot minus the softmax of the remaining items."""
    grad = np.zeros_like(r)
    for k in range(len(order)):
        left = list(order[k:])
        grad[order[k]] += 1
        grad[left] -= softmax(r[left])
    return grad


# --8<-- [end:model]


def distribution(r: Array) -> dict[Order, float]:
    """Probability of each of the K! rankings, by enumeration."""
    return {order: float(np.exp(log_prob(r, order))) for order in permutations(range(len(r)))}


def pair_marginal(r: Array, i: int, j: int) -> float:
    """P(i is ranked above j), summed over all rankings."""
    return sum(p for order, p in distribution(r).items() if order.index(i) < order.index(j))


def sample(r: Array, n: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """`n` rankings (n, K), best first: sorting scores plus Gumbel noise is exactly Plackett-Luce."""
    noisy = r + rng.gumbel(size=(n, len(r)))  # (n, K)
    return np.argsort(-noisy, axis=1)
