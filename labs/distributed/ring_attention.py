r"""Context parallelism: exact attention over a sequence that is cut over P cards, by passing K and V around a ring.

Sources: Liu et al., *Ring Attention* (arXiv:2310.01889); zig-zag chunks as in Llama 3 (arXiv:2407.21783), section
3.3.2; Jacobs et al., *DeepSpeed Ulysses* (arXiv:2309.14509), for the all-to-all between sequence and heads.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
import numpy.typing as npt

from labs.attention.online_softmax import State, merge
from labs.attention.scaled_dot_product import attention

Array = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]


# --8<-- [start:split]
def contiguous(n: int, p: int) -> list[Ids]:
    """Positions of each card: one run of n/P."""
    return np.split(np.arange(n), p)


def zigzag(n: int, p: int) -> list[Ids]:
    """2P chunks; card i takes chunk i from the front and chunk i from the back."""
    chunks = np.split(np.arange(n), 2 * p)
    return [np.concatenate([chunks[i], chunks[2 * p - 1 - i]]) for i in range(p)]


# --8<-- [end:split]


# --8<-- [start:ring]
def masked_state(q: Array, k: Array, v: Array, visible: npt.NDArray[np.bool_]) -> State:
    """Running maximum, normaliser and unnormalised output of `q` (c, d) over one block `k` (c, d), `v` (c, d_v)."""
    s = np.where(visible, q @ k.T / sqrt(q.shape[1]), -np.inf)  # (c, c)
    m = s.max(axis=1)  # (c,), −∞ where the block is all in the future
    p = np.exp(s - np.where(np.isinf(m), 0, m)[:, None])  # (c, c)
    return m, p.sum(axis=1), p @ v


def ring_attention(q: Array, k: Array, v: Array, where: list[Ids]) -> Array:
    """Causal attention (n, d_v) of `q`, `k` (n, d), `v` (n, d_v); card i has the rows `where[i]`."""
    cards = len(where)
    state: list[State | None] = [None] * cards
    for step in range(cards):
        for i in range(cards):  # on hardware: all cards at once, while K and V of the next step are on the way
            rows, cols = where[i], where[(i - step) % cards]  # step 0 is the own block: every query sees itself
            new = masked_state(q[rows], k[cols], v[cols], rows[:, None] >= cols)
            old = state[i]
            state[i] = new if old is None else merge(old, new)
    out = np.empty((len(q), v.shape[1]))  # (n, d_v)
    for rows, done in zip(where, state, strict=True):
        assert done is not None
        out[rows] = done[2] / done[1][:, None]
    return out


# --8<-- [end:ring]


# --8<-- [start:balance]
def work(where: list[Ids]) -> Ids:
    """Visible (query, key) pairs: (P steps, P cards). A step lasts as long as its busiest card."""
    cards = len(where)
    return np.array([[(where[i][:, None] >= where[(i - r) % cards]).sum() for i in range(cards)] for r in range(cards)])


# --8<-- [end:balance]


# --8<-- [start:ulysses]
def ulysses(q: Array, k: Array, v: Array) -> Array:
    """The same by heads: (P, n/P, H, d) → all-to-all → each card has all n tokens of H/P heads → back."""

    cards = len(q)

    def to_heads(x: Array) -> Array:  # all-to-all: (P, n/P, H, d) → (P, H/P, n, d)
        n, heads, d = x.shape[0] * x.shape[1], x.shape[2], x.shape[3]
        return x.reshape(n, cards, heads // cards, d).transpose(1, 2, 0, 3)

    n = q.shape[0] * q.shape[1]
    out = attention(to_heads(q), to_heads(k), to_heads(v), np.tri(n, dtype=bool))  # (P, H/P, n, d)
    return out.transpose(2, 0, 1, 3).reshape(q.shape)  # all-to-all back: (P, n/P, H, d)


# --8<-- [end:ulysses]


# --8<-- [start:cost]
def sent(n: int, heads: int, kv_heads: int, d: int, cards: int) -> dict[str, float]:
    """Numbers that each card sends in one forward pass of one layer."""
    share = (cards - 1) / cards
    return {
        "ring": 2 * n * kv_heads * d * share,  # its K and V travel P − 1 hops: every card forwards (P − 1)·n/P of each
        "ulysses": (2 * heads + 2 * kv_heads) * d * (n / cards) * share,  # Q and O, K and V
    }


def least_block(flops: float, bandwidth: float, kv_share: float = 1.0, visible: float = 1.0) -> float:
    """Tokens c a card needs to hide the ring: 4c²hd·visible FLOP take as long as 4c·h_kv·d bytes (16 bit)."""
    return flops / bandwidth * kv_share / visible


# --8<-- [end:cost]
