r"""Choosing a pre-training mixture: cap the repetitions of small sources, and fit losses to proportions.

Mixing law: Ye et al. (arXiv:2403.16952), L_i(r) = c_i + k_i exp(Σ_j t_ij r_j).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:cap]
def cap_epochs(probability: Array, sizes: Array, budget: float, limit: float) -> Array:
    """Sampling weights (k,) in which no source is read more than `limit` times; the rest share what is cut off."""
    room = limit * sizes / budget  # (k,) the largest weight each source may have
    if room.sum() < 1:
        raise ValueError("the budget exceeds what `limit` passes over all sources give")
    full = np.zeros(len(sizes), dtype=bool)
    while True:
        scale = (1 - room[full].sum()) / probability[~full].sum()
        weights: Array = np.where(full, room, probability * scale)  # (k,)
        over = ~full & (weights > room + 1e-12)
        if not over.any():
            return weights
        full |= over


# --8<-- [end:cap]


# --8<-- [start:law]
def mixing_law(r: Array, c: Array, k: Array, t: Array) -> Array:
    """Validation loss on each of m domains for mixtures `r` (n, m): `c`, `k` (m,), `t` (m, m) → (n, m)."""
    out: Array = c + k * np.exp(r @ t.T)
    return out


def fit_slope(share: Array, loss: Array, floors: Array) -> tuple[float, float, float]:
    """c, k, t of loss = c + k·exp(t·share), both (n,): a line through log(loss − c), best c of `floors`."""
    best = (np.inf, 0.0, 0.0, 0.0)
    for c in floors[floors < loss.min()]:
        t, log_k = np.polyfit(share, np.log(loss - c), 1)
        error = float(((c + np.exp(log_k + t * share) - loss) ** 2).sum())
        best = min(best, (error, float(c), float(np.exp(log_k)), float(t)))
    return best[1:]


# --8<-- [end:law]

NAMES = ["网页", "代码", "论文", "百科"]
SIZES = np.array([2000.0, 200.0, 50.0, 10.0])
"""Made-up sources, in billions of tokens."""
