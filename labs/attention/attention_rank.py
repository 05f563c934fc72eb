r"""Rank of attention: $QK^\top$ before and after softmax, and how stacked attention makes all tokens equal.

Source: Dong, Cordonnier and Loukas, *Attention is Not All You Need: Pure Attention Loses Rank Doubly
Exponentially with Depth* (arXiv:2103.03404), section 2.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:matrices]
def attention_matrices(rng: np.random.Generator, n: int, d_h: int) -> tuple[Array, Array, Array]:
    r"""Random $S=QK^\top/\sqrt{d_h}$ and its softmax without and with the causal mask, three times (n, n)."""
    q, k = rng.normal(size=(2, n, d_h))  # (n, d_h) each
    s = q @ k.T / sqrt(d_h)  # (n, n), rank at most d_h
    return s, softmax(s), softmax(causal(s))


def softmax(s: Array) -> Array:
    """Row-wise safe softmax, (n, n)."""
    e: Array = np.exp(s - s.max(axis=1, keepdims=True))
    p: Array = e / e.sum(axis=1, keepdims=True)
    return p


def causal(s: Array) -> Array:
    """Scores (n, n) with the entries above the diagonal at -inf."""
    return np.where(np.tri(len(s), dtype=bool), s, -np.inf)


def strong_directions(a: Array, share: float = 0.01) -> int:
    """How many singular values of `a` (n, n) exceed `share` of the largest one."""
    sigma = np.linalg.svd(a, compute_uv=False)  # (n,)
    return int((sigma > share * sigma[0]).sum())


# --8<-- [end:matrices]


# --8<-- [start:collapse]
def residual(x: Array) -> Array:
    r"""What separates the tokens: `x` (n, d) less its mean row, zero when all rows are equal."""
    centred: Array = x - x.mean(axis=0)
    return centred


def attention_layer(x: Array, w_qk: Array, w_v: Array, masked: bool) -> Array:
    r"""$\mathrm{softmax}(XW_{QK}X^\top/\sqrt d)\,XW_V$ for `x` (n, d) and weights (d, d)."""
    s = x @ w_qk @ x.T / sqrt(x.shape[1])  # (n, n)
    y: Array = softmax(causal(s) if masked else s) @ x @ w_v  # (n, d)
    return y


def stack(
    rng: np.random.Generator, n: int, d: int, layers: int, masked: bool = False, skip: bool = False
) -> list[float]:
    r"""$\|\mathrm{res}(X)\|_F/\|X\|_F$ before the first and after each of `layers` random layers."""
    x = rng.normal(size=(n, d))
    shares = [float(np.linalg.norm(residual(x)) / np.linalg.norm(x))]
    for _ in range(layers):
        w_q, w_k, w_v = rng.normal(size=(3, d, d)) / sqrt(d)  # (d, d) each
        y = attention_layer(x, w_q @ w_k.T, w_v, masked)  # (n, d)
        x = x + y if skip else y
        shares.append(float(np.linalg.norm(residual(x)) / np.linalg.norm(x)))
    return shares


# --8<-- [end:collapse]
