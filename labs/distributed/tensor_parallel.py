r"""Tensor parallelism: column- then row-parallel MLP, attention by heads, and the two conjugate operators f and g.

Source: Shoeybi et al., *Megatron-LM* (arXiv:1909.08053), section 3. A list holds one array per card; a (n, d) input is
the same on all t cards.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from labs.attention.multi_head import merge_heads, split_heads
from labs.attention.scaled_dot_product import Mask, scores, softmax
from labs.transformer.ffn import gelu, slope

Array = npt.NDArray[np.float64]


# --8<-- [start:conjugate]
@dataclass
class Wire:
    """The link between the cards: sums what they hold, and counts how often."""

    all_reduces: int = 0

    def all_reduce(self, parts: list[Array]) -> Array:
        """Every card ends up with the sum."""
        self.all_reduces += 1
        total: Array = np.sum(parts, axis=0)
        return total

    # f: forward identity, backward all-reduce.  g: forward all-reduce, backward identity.
    def f_backward(self, parts: list[Array]) -> Array:
        """Gradient of an input that t cards have used: the sum of what each of them found."""
        return self.all_reduce(parts)

    def g_forward(self, parts: list[Array]) -> Array:
        """Output of a row-parallel layer: the sum of the partial products."""
        return self.all_reduce(parts)


# --8<-- [end:conjugate]


def columns(w: Array, t: int) -> list[Array]:
    """Cut along the output features: (d, m) → t arrays (d, m/t)."""
    return np.split(w, t, axis=1)


def rows(w: Array, t: int) -> list[Array]:
    """Cut along the input features: (m, d) → t arrays (m/t, d)."""
    return np.split(w, t, axis=0)


# --8<-- [start:mlp]
def mlp_forward(x: Array, a: list[Array], b: list[Array], wire: Wire) -> Array:
    """GeLU(x A) B: x (n, d), A in columns (d, m/t), B in rows (m/t, d) → (n, d); one all-reduce, at the end."""
    partial = [gelu(x @ a_i) @ b_i for a_i, b_i in zip(a, b, strict=True)]  # t times (n, d)
    return wire.g_forward(partial)


def mlp_backward(
    x: Array, a: list[Array], b: list[Array], dz: Array, wire: Wire
) -> tuple[Array, list[Array], list[Array]]:
    """(dx (n, d), dA, dB) from dz (n, d): weight gradients stay on their card; one all-reduce, for dx."""
    dx, da, db = [], [], []
    for a_i, b_i in zip(a, b, strict=True):
        u = x @ a_i  # (n, m/t)
        du = (dz @ b_i.T) * slope("gelu", u)  # (n, m/t): g passes dz on as it is
        db.append(gelu(u).T @ dz)  # (m/t, d)
        da.append(x.T @ du)  # (d, m/t)
        dx.append(du @ a_i.T)  # (n, d), only this card's share
    return wire.f_backward(dx), da, db


# --8<-- [end:mlp]

Weights = tuple[Array, Array, Array, Array]
"""One card's W^Q, W^K, W^V (d, (h/t)·d_h) and W^O ((h/t)·d_h, d)."""


# --8<-- [start:attention]
def shard(w_q: Array, w_k: Array, w_v: Array, w_o: Array, t: int) -> list[Weights]:
    """Heads 0 … h/t−1 to card 0, and so on: W^Q, W^K, W^V by columns, W^O by rows."""
    return list(zip(columns(w_q, t), columns(w_k, t), columns(w_v, t), rows(w_o, t), strict=True))


def attention_forward(x: Array, cards: list[Weights], heads: int, mask: Mask, wire: Wire) -> Array:
    """Each card runs `heads` = h/t heads on the whole sequence x (n, d); one all-reduce after W^O."""
    out = []
    for w_q, w_k, w_v, w_o in cards:
        q, k, v = (split_heads(x @ w, heads) for w in (w_q, w_k, w_v))  # (h/t, n, d_h) each
        out.append(merge_heads(softmax(scores(q, k, mask)) @ v) @ w_o)  # (n, d), partial
    return wire.g_forward(out)


# --8<-- [end:attention]


def attention_backward(
    x: Array, cards: list[Weights], heads: int, mask: Mask, dz: Array, wire: Wire
) -> tuple[Array, list[Weights]]:
    """dx (n, d) and each card's weight gradients; one all-reduce, for dx."""
    dx, grads = [], []
    for w_q, w_k, w_v, w_o in cards:
        q, k, v = (split_heads(x @ w, heads) for w in (w_q, w_k, w_v))  # (h/t, n, d_h)
        p = softmax(scores(q, k, mask))  # (h/t, n, n)
        do = split_heads(dz @ w_o.T, heads)  # (h/t, n, d_h)
        dp = do @ v.swapaxes(1, 2)  # (h/t, n, n)
        ds = p * (dp - (p * dp).sum(axis=-1, keepdims=True)) / sqrt(q.shape[-1])  # (h/t, n, n)
        dq, dk, dv = (merge_heads(g) for g in (ds @ k, ds.swapaxes(1, 2) @ q, p.swapaxes(1, 2) @ do))  # (n, (h/t)·d_h)
        dx.append(dq @ w_q.T + dk @ w_k.T + dv @ w_v.T)  # (n, d)
        grads.append((x.T @ dq, x.T @ dk, x.T @ dv, merge_heads(p @ v).T @ dz))
    return wire.f_backward(dx), grads
