r"""How far a signal travels from token 1 to token n: step by step in an RNN, in one hop in self-attention.

Source: Vaswani et al., *Attention Is All You Need* (arXiv:1706.03762), section 4 and table 1; for the
gradient of an RNN, Pascanu et al., *On the difficulty of training recurrent neural networks*
(arXiv:1211.5063), section 2.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


# --8<-- [start:hops]
def hops(reads: Mask, source: int, target: int) -> int:
    """Fewest applications of a layer after which position `target` depends on `source`; `reads` is (n, n).

    `reads[i, j]` is True where one application lets position i read position j.
    """
    reached = np.zeros(reads.shape[0], dtype=np.bool_)  # (n,) positions that know the source token
    reached[source] = True
    for count in range(reads.shape[0] + 1):
        if reached[target]:
            return count
        reached = reached | (reads & reached).any(axis=1)  # (n,)
    raise ValueError("the target never hears from the source")


def recurrent(n: int) -> Mask:
    """An RNN step hands the state to the next position only: (n, n) with position i reading i and i - 1."""
    i = np.arange(n)
    reads: Mask = (i[:, None] == i) | (i[:, None] == i + 1)  # (n, n)
    return reads


def everywhere(n: int) -> Mask:
    """Self-attention without a mask: every position reads every position."""
    return np.ones((n, n), dtype=np.bool_)


# --8<-- [end:hops]


# --8<-- [start:rnn]
def rnn(x: Array, w: Array, u: Array) -> Array:
    r"""States $h_t=\tanh(Wh_{t-1}+Ux_t)$, one after the other: `x` (n, d) gives (n, d)."""
    states = np.zeros_like(x)  # (n, d)
    h = np.zeros(x.shape[1])  # (d,)
    for t, token in enumerate(x):  # step t cannot start before step t - 1 has ended
        h = np.tanh(w @ h + u @ token)
        states[t] = h
    return states


def influence(states: Array, w: Array) -> Array:
    r"""Spectral norms $\lVert\partial h_n/\partial h_t\rVert_2$ for t = n, n-1, …, 1: (n, d) gives (n,).

    Each step back multiplies by $\mathrm{diag}(1-h_t^2)W$, so the norm is at most $\lVert W\rVert_2^{\,n-t}$.
    """
    product = np.eye(w.shape[0])  # (d, d)
    norms = [1.0]
    for h in states[:0:-1]:
        product = product @ ((1 - h**2)[:, None] * w)  # (d, d)
        norms.append(float(np.linalg.norm(product, 2)))
    return np.array(norms)


# --8<-- [end:rnn]


def recurrent_cost(n: int, d: int) -> int:
    """Multiply-adds of one recurrent layer as table 1 counts them: n state updates of d by d."""
    return n * d * d


def attention_cost(n: int, d: int) -> int:
    """Multiply-adds of the scores of one self-attention layer; the weighted sum costs as much again."""
    return n * n * d
