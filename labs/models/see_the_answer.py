r"""Why a bidirectional model cannot be trained on next-token prediction, and what editing one token costs.

Sources: Devlin et al. (arXiv:1810.04805), section 3.1 (a token would indirectly see itself); Radford et al. (2018),
section 3.1 (the causal mask).
"""

from __future__ import annotations

from collections.abc import Callable
from math import log

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import attention

Array = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


# --8<-- [start:peek]
def peek(ids: Ids, vocab: int, mask: Mask, sharp: float = 100.0) -> Array:
    """One hand-made head that looks one place to the right: `ids` (n,), `mask` (n, n) → log-probabilities (n, V).

    Queries ask for position i + 1, values carry the token found there: under a full mask that is the answer itself.
    """
    n = len(ids)
    places, tokens = np.eye(n + 1), np.eye(vocab)  # one-hot codes
    found = attention(sharp * places[1:], places[:-1], tokens[ids], mask, scale=1.0)  # (n, V), sums to 1
    return np.log(0.999 * found + 0.001 / vocab)  # a little doubt, so that no probability is 0


def next_token_loss(log_p: Array, ids: Ids) -> float:
    """Mean cross-entropy of predicting token t + 1 at position t, n - 1 labels."""
    return float(-log_p[np.arange(len(ids) - 1), ids[1:]].mean())


# --8<-- [end:peek]


def best_causal_loss(vocab: int) -> float:
    """Nothing that sees only the past beats this on independent uniform tokens."""
    return log(vocab)


# --8<-- [start:edit]
def changed(model: Callable[[Array], Array], x: Array) -> Mask:
    """Entry (i, j): does the output at i move when input j does? `x` (n, d) → (n, n)."""
    before = model(x)  # (n, d)
    moved = np.zeros((len(x), len(x)), dtype=np.bool_)  # (n, n)
    for j in range(len(x)):
        other = x.copy()
        other[j] += 1.0
        moved[:, j] = np.abs(model(other) - before).max(axis=1) > 1e-9
    return moved


def positions_computed(n: int, new: int, cached: bool) -> int:
    """Token positions run through the network to append `new` tokens to n: with a cache each is run once."""
    return n + new - 1 if cached else sum(n + i for i in range(new))


# --8<-- [end:edit]
