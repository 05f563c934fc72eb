r"""Online softmax: the maximum and the normaliser in one pass, and attention as one pass over the keys.

Sources: Milakov and Gimelshein, *Online normalizer calculation for softmax* (arXiv:1805.02867), algorithms 2
and 3; Rabe and Staats, *Self-attention Does Not Need O(n²) Memory* (arXiv:2112.05682).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import exp, inf, sqrt

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
State = tuple[Array, Array, Array]
r"""Running maximum $m$ (n,), normaliser $\ell$ (n,) and output that is not yet divided by $\ell$ (n, d_v)."""


# --8<-- [start:passes]
def safe_softmax(x: Sequence[float]) -> list[float]:
    """Softmax of N numbers in three passes: maximum, sum, output (3N reads)."""
    m = -inf
    for value in x:
        m = max(m, value)
    total = 0.0
    for value in x:
        total += exp(value - m)
    return [exp(value - m) / total for value in x]


def normalizer(x: Sequence[float]) -> Iterator[tuple[float, float]]:
    r"""$(m,\ell)$ after each number: when a larger one arrives, what was summed so far is rescaled to it."""
    m, total = -inf, 0.0
    for value in x:
        m_new = max(m, value)
        total = total * exp(m - m_new) + exp(value - m_new)
        m = m_new
        yield m, total


def online_softmax(x: Sequence[float]) -> list[float]:
    """The same softmax in two passes (2N reads): the outputs still have to wait for the final sum."""
    m, total = list(normalizer(x))[-1]
    return [exp(value - m) / total for value in x]


# --8<-- [end:passes]


# --8<-- [start:one-pass]
def one_pass_attention(q: Array, k: Array, v: Array) -> Array:
    """Attention of a query `q` (d,) over `k` (n, d), `v` (n, d_v) → (d_v,), each touched once."""
    m, total, o = -inf, 0.0, np.zeros(v.shape[1])  # o: (d_v,), weighted sum of values, not yet divided
    for key, value in zip(k, v, strict=True):
        s = float(q @ key) / sqrt(len(q))  # the score lives for one iteration only
        m_new = max(m, s)
        total = total * exp(m - m_new) + exp(s - m_new)
        o = o * exp(m - m_new) + exp(s - m_new) * value  # (d_v,)
        m = m_new
    return o / total


# --8<-- [end:one-pass]


# --8<-- [start:merge]
def merge(a: State, b: State) -> State:
    """State of two sets of keys together; associative and commutative: any order or tree will do."""
    m = np.maximum(a[0], b[0])  # (n,)
    wa, wb = np.exp(a[0] - m), np.exp(b[0] - m)  # (n,), one of the two is 1
    return m, a[1] * wa + b[1] * wb, a[2] * wa[:, None] + b[2] * wb[:, None]


def block_state(q: Array, k: Array, v: Array) -> State:
    """State of the queries `q` (n, d) after the block `k` (b, d), `v` (b, d_v)."""
    s = q @ k.T / sqrt(q.shape[1])  # (n, b)
    m = s.max(axis=1)  # (n,)
    p = np.exp(s - m[:, None])  # (n, b)
    return m, p.sum(axis=1), p @ v


def blockwise_attention(q: Array, k: Array, v: Array, block: int) -> Array:
    """Attention (n, d_v) of `q` (n, d) over `k` (N, d), `v` (N, d_v), without an (n, N) matrix."""
    state = block_state(q, k[:block], v[:block])
    for start in range(block, len(k), block):
        state = merge(state, block_state(q, k[start : start + block], v[start : start + block]))
    return state[2] / state[1][:, None]  # one division, at the end


# --8<-- [end:merge]
