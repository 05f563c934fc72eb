r"""Best-of-N in closed form: what it does to the distribution, how far it moves, and what a flawed scorer costs.

KL bound: Gao et al., *Scaling Laws for Reward Model Overoptimization* (arXiv:2210.10760), section 2.
k possible answers, sampled with probabilities `p` (k,), scored by `score` (k,), all scores different.
"""

from __future__ import annotations

from math import log

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:policy]
def policy(p: Array, score: Array, n: int) -> Array:
    """Distribution (k,) of the best-scored of n samples: P(best ≤ s) = F(s)^n, then differences."""
    order = np.argsort(score)  # (k,)
    below = np.concatenate([[0.0], np.cumsum(p[order])]) ** n  # (k + 1,)
    out = np.empty_like(p)  # (k,)
    out[order] = np.diff(below)
    return out


def kl_bound(n: int) -> float:
    r"""$\log n-\frac{n-1}{n}$: the KL to the base model when no two samples ever tie; otherwise an upper bound."""
    return log(n) - (n - 1) / n


# --8<-- [end:policy]


def kl(q: Array, p: Array) -> float:
    """KL(q ‖ p) in nats."""
    seen = q > 0
    return float((q[seen] * np.log(q[seen] / p[seen])).sum())


# --8<-- [start:flawed]
def with_checker(p: float, keep: float, leak: float, n: int) -> float:
    """Accuracy when a checker passes right answers at rate `keep`, wrong ones at `leak`; one that passed is drawn.

    If none passed, one of the rejected is drawn. For large n this tends to p·keep / (p·keep + (1 - p)·leak).
    """
    passed = p * keep + (1 - p) * leak
    none = (1 - passed) ** n
    rejected_right = p * (1 - keep) / (1 - passed) if passed < 1 else 0.0
    return (1 - none) * p * keep / passed + none * rejected_right


def with_exploit(p: float, trap: float, n: int) -> float:
    """Accuracy when the scorer ranks trap > right > wrong: right wins if some sample is right and none is a trap."""
    return (1 - trap) ** n - (1 - trap - p) ** n


# --8<-- [end:flawed]


def proxy_with_exploit(p: float, trap: float, n: int) -> float:
    """Mean score of the winner when the scorer gives 0 to wrong, 1 to right and 2 to the trap: it never falls."""
    return float(policy(np.array([1 - trap - p, p, trap]), np.array([0.0, 1.0, 2.0]), n) @ np.array([0.0, 1.0, 2.0]))
