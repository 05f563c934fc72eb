r"""Masks decide who may look at whom: causal, padding, cross, and the row with nothing left to see.

Source: Vaswani et al., *Attention Is All You Need* (arXiv:1706.03762), sections 3.1 and 3.2.3; mask patterns
side by side in Raffel et al. (arXiv:1910.10683), section 3.2.1. True = visible everywhere in this file.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import Array, Mask, attention, scores, softmax


# --8<-- [start:masks]
def causal_mask(n: int, m: int | None = None) -> Mask:
    """Query i sees keys up to itself: (n, m). With m > n the queries are the last n of m positions."""
    m = n if m is None else m
    return np.tri(n, m, k=m - n, dtype=np.bool_)


def padding_mask(lengths: npt.ArrayLike, m: int) -> Mask:
    """Real keys of a batch padded on the right: b lengths give (b, 1, m), the same row for every query."""
    return (np.arange(m) < np.asarray(lengths)[:, None])[:, None, :]


def decoder_mask(lengths: npt.ArrayLike, m: int) -> Mask:
    """Both at once, by logical and: (b, m, m)."""
    return causal_mask(m) & padding_mask(lengths, m)


# --8<-- [end:masks]


# --8<-- [start:cross]
def cross_attention(x: Array, source: Array, w_q: Array, w_k: Array, w_v: Array, seen: Mask) -> Array:
    """Decoder rows `x` (…, t, d) query encoder rows `source` (…, s, d); `seen` is (…, 1, s): (…, t, d_v).

    Keys and values do not depend on `x`: a decoder computes them once for the whole output.
    """
    return attention(x @ w_q, source @ w_k, source @ w_v, seen)


# --8<-- [end:cross]


# --8<-- [start:empty]
def zero_empty_rows(q: Array, k: Array, v: Array, mask: Mask) -> Array:
    """Attention that returns 0 instead of NaN for a query that sees nothing: (…, n, d_v)."""
    empty = ~np.broadcast_to(mask, (*q.shape[:-1], k.shape[-2])).any(axis=-1, keepdims=True)  # (..., n, 1)
    return np.where(empty, 0.0, attention(q, k, v, mask | empty))  # an empty row sees all, then is erased


# --8<-- [end:empty]


# --8<-- [start:wrong]
def mask_after_softmax(q: Array, k: Array, v: Array, mask: Mask) -> Array:
    """A mistake: weights of hidden keys are erased, yet those keys have already entered the denominator."""
    return (softmax(scores(q, k)) * mask) @ v  # (..., n, d_v), rows of weights sum to less than 1


# --8<-- [end:wrong]
