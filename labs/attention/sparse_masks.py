"""Sparse attention patterns as boolean masks (n, n), True = visible, and how far a stack carries information.

Sources: Child et al., *Sparse Transformers* (arXiv:1904.10509), section 4.3 (strided, fixed);
Beltagy et al., *Longformer* (arXiv:2004.05150), section 3.1 (window, dilated, global);
Zaheer et al., *Big Bird* (arXiv:2007.14062), section 2.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


def distance(n: int) -> npt.NDArray[np.int64]:
    """How far key j lies before query i: i - j, (n, n); negative is the future."""
    i = np.arange(n)
    return i[:, None] - i[None, :]  # (n, n)


# --8<-- [start:masks]
def causal(n: int) -> Mask:
    """Every token sees itself and everything before it: n(n+1)/2 pairs."""
    return distance(n) >= 0  # (n, n)


def sliding_window(n: int, w: int) -> Mask:
    """Every token sees the last `w` tokens, itself included."""
    return causal(n) & (distance(n) < w)  # (n, n)


def dilated(n: int, w: int, gap: int) -> Mask:
    """A window of `w` tokens, `gap` apart: the same cost reaches `gap` times as far."""
    mask: Mask = sliding_window(n, (w - 1) * gap + 1) & (distance(n) % gap == 0)  # (n, n)
    return mask


def strided(n: int, stride: int) -> tuple[Mask, Mask]:
    """Two heads: the last `stride` positions, and every `stride`-th position back."""
    return sliding_window(n, stride + 1), causal(n) & (distance(n) % stride == 0)  # 2 x (n, n)


def fixed(n: int, block: int, c: int) -> tuple[Mask, Mask]:
    """Two heads: the own block, and the last `c` positions of every block, which sum it up for later ones."""
    i = np.arange(n)
    same_block = i[:, None] // block == i[None, :] // block  # (n, n)
    summary = np.broadcast_to(i % block >= block - c, (n, n))  # (n, n)
    return causal(n) & same_block, causal(n) & summary


def window_and_first(n: int, w: int, g: int) -> Mask:
    """A window of `w`, and the first `g` tokens seen by all later ones: what causality leaves of global tokens."""
    return causal(n) & ((distance(n) < w) | (np.arange(n) < g))  # (n, n)


def big_bird(n: int, side: int, g: int, r: int, rng: np.random.Generator) -> Mask:
    """Window of `side` each way, `g` global tokens, `r` random keys a query: for encoders, not causal."""
    mask = np.abs(distance(n)) <= side  # (n, n)
    mask[:, :g] = mask[:g, :] = True  # everyone sees the global tokens, and they see everyone
    for i in range(n):
        mask[i, rng.choice(n, r, replace=False)] = True
    return mask


# --8<-- [end:masks]


# --8<-- [start:reach]
def reachable(layers: list[Mask]) -> Mask:
    """Which inputs can influence which outputs, bottom layer first: a product of 0/1 matrices, (n, n)."""
    n = len(layers[0])
    reach = np.eye(n, dtype=bool)  # (n, n), before the first layer a token knows itself only
    for mask in layers:
        hop = mask | np.eye(n, dtype=bool)  # (n, n), the residual stream keeps what a token had
        reach = (hop.astype(np.float64) @ reach.astype(np.float64)) > 0  # (n, n)
    return reach


# --8<-- [end:reach]


# --8<-- [start:influence]
def influence(w: int, layers: int, residual: float) -> Array:
    """Share of each distance in the last output if attention were flat, (layers * (w - 1) + 1,).

    Each layer keeps `residual` of the token and takes the rest as a plain mean over its window of `w`.
    Stacking convolves the distribution with itself, which the Fourier transform turns into a power.
    """
    size = layers * (w - 1) + 1  # the farthest a token can come from, plus itself
    one_layer = np.zeros(size)  # (size,)
    one_layer[:w] = (1 - residual) / w
    one_layer[0] += residual
    share: Array = np.fft.irfft(np.fft.rfft(one_layer) ** layers, size)  # (size,)
    return share


# --8<-- [end:influence]
