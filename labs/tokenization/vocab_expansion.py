r"""New rows for new tokens in the output layer: what they do to the model before any training.

Source of the argument: Hewitt, *Initializing New Word Embeddings for Pretrained Language Models* (2021). If a new
row is the mean of all old rows, its logit is the mean of the old logits, so by Jensen's inequality
exp(logit) ≤ Z / V: k new tokens together multiply the partition function Z by at most 1 + k / V.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:expand]
def log_softmax(logits: Array) -> Array:
    """Log probabilities of `logits` (n, V) along the last axis, shifted for safety."""
    shifted = logits - logits.max(axis=-1, keepdims=True)  # (n, V)
    out: Array = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))  # (n, V)
    return out


def expand(rows: Array, new: Array) -> Array:
    """The output matrix `rows` (V, d) with `new` rows (k, d) below: (V + k, d)."""
    return np.concatenate([rows, new])  # (V + k, d)


def mean_rows(rows: Array, k: int) -> Array:
    """k new rows, each the mean of all old ones: (V, d) → (k, d)."""
    return np.repeat(rows.mean(axis=0, keepdims=True), k, axis=0)  # (k, d)


def damage(hidden: Array, rows: Array, new: Array) -> tuple[float, float]:
    """Mean probability of the new tokens, and mean KL(old ‖ expanded), for `hidden` states (n, d)."""
    old = log_softmax(hidden @ rows.T)  # (n, V)
    after = log_softmax(hidden @ expand(rows, new).T)  # (n, V + k)
    kl = (np.exp(old) * (old - after[:, : len(rows)])).sum(axis=-1)  # (n,)
    taken = np.exp(after[:, len(rows) :]).sum(axis=-1)  # (n,)
    return float(taken.mean()), float(kl.mean())


# --8<-- [end:expand]


def toy_model(rng: np.random.Generator, vocab: int, d: int, n: int, level: float) -> tuple[Array, Array]:
    """Output rows (V, d) and hidden states (n, d) whose logits scatter around `level`."""
    rows = rng.standard_normal((vocab, d)) / np.sqrt(d)  # (V, d)
    hidden = 2 * rng.standard_normal((n, d))  # (n, d)
    # One direction is shared: every hidden state has it, every row answers with `level`.
    rows[:, 0], hidden[:, 0] = level, 1.0
    return rows, hidden
