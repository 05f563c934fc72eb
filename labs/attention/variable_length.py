r"""One set of weights serves every length; padding and packing put several lengths into one batch.

Source: Vaswani et al., *Attention Is All You Need* (arXiv:1706.03762), section 3.2; packing as in
Raffel et al., *Exploring the Limits of Transfer Learning* (arXiv:1910.10683), section 3.1.2.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from labs.attention.scaled_dot_product import Array, Mask, attention


class Weights(NamedTuple):
    """Projections of one head; no entry depends on the length of a sequence."""

    q: Array  # (d, d_k)
    k: Array  # (d, d_k)
    v: Array  # (d, d_v)


def weights(d: int, d_k: int, rng: np.random.Generator) -> Weights:
    """Random projections of one head with d_v = d_k, scaled so that unit inputs give unit outputs."""
    q, k, v = rng.standard_normal((3, d, d_k)) / np.sqrt(d)  # three of (d, d_k)
    return Weights(q, k, v)


# --8<-- [start:layer]
def self_attention(x: Array, w: Weights, mask: Mask | None = None) -> Array:
    """Self-attention of one head: `x` (…, n, d) gives (…, n, d_v) for any n."""
    return attention(x @ w.q, x @ w.k, x @ w.v, mask)  # (..., n, d_v)


# --8<-- [end:layer]


# --8<-- [start:batch]
def pad(sequences: list[Array]) -> tuple[Array, Mask]:
    """Fill up to the longest with zeros: (n_b, d) each give (b, m, d), with the mask (b, 1, m)."""
    lengths = np.array([len(s) for s in sequences])  # (b,)
    batch = np.zeros((len(sequences), lengths.max(), sequences[0].shape[1]))  # (b, m, d)
    for row, s in zip(batch, sequences, strict=True):
        row[: len(s)] = s
    return batch, (np.arange(lengths.max()) < lengths[:, None])[:, None, :]  # (b, m, d), (b, 1, m)


def pack(sequences: list[Array]) -> tuple[Array, Mask]:
    """Join into one sequence of N tokens: (N, d), with a block-diagonal mask (N, N)."""
    owner = np.repeat(np.arange(len(sequences)), [len(s) for s in sequences])  # (N,)
    return np.concatenate(sequences), owner[:, None] == owner  # (N, d), (N, N)


# --8<-- [end:batch]
