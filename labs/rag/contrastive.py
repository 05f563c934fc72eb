r"""InfoNCE over a batch with explicit negatives, and its gradient.

Sources: van den Oord et al. (arXiv:1807.03748); in-batch and hard negatives as in DPR (arXiv:2004.04906), section 3.2.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


# --8<-- [start:loss]
def info_nce(q: Array, p: Array, tau: float, ignore: Bools | None = None) -> tuple[float, Array, Array]:
    """Loss, gradient to `q` (b, d), gradient to `p` (b + h, d): row i of `p` is the positive of query i.

    The other b − 1 positives are in-batch negatives, the last h rows are mined ones; `ignore` (b, b + h) marks pairs
    left out of the sum (false negatives).
    """
    b = len(q)
    scores = q @ p.T / tau  # (b, b + h)
    if ignore is not None:
        scores = np.where(ignore, -np.inf, scores)
    share = softmax(scores)  # (b, b + h)
    loss = -np.log(share[np.arange(b), np.arange(b)]).mean()
    pull = share.copy()  # d loss / d scores · b: probability minus one-hot
    pull[np.arange(b), np.arange(b)] -= 1
    return float(loss), pull @ p / (b * tau), pull.T @ q / (b * tau)


def negative_shares(gaps: Array, tau: float) -> Array:
    """How the push is divided among negatives whose scores lie `gaps` (k,) below the hardest one."""
    return softmax(-gaps / tau)


# --8<-- [end:loss]


# --8<-- [start:false]
def clash(relevant: Ints, batch: int) -> float:
    """Chance that a query's own passage is also another query's positive in a random batch: a false negative."""
    n = len(relevant)
    _, inverse, sizes = np.unique(relevant, return_inverse=True, return_counts=True)
    out = []
    for m in sizes[inverse]:  # m of the n queries share the passage
        free = np.arange(n - m, n - m - batch + 1, -1) / np.arange(n - 1, n - batch, -1)  # (b − 1,) draws without them
        out.append(1 - free.prod())
    return float(np.mean(out))


def margin_mask(scores: Array, margin: float = 0.1) -> Bools:
    """(b, c) True where a negative scores `margin` above the positive (column i of row i): leave it out of the sum."""
    return scores > np.diagonal(scores)[:, None] + margin


# --8<-- [end:false]
