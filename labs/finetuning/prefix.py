r"""Soft prompts in one place: extra input vectors (prompt tuning) and extra keys and values (prefix tuning).

Sources: Lester et al. (arXiv:2104.08691), section 2; Li and Liang (arXiv:2101.00190), section 4; the gate form is
equation 7 of He et al., *Towards a Unified View* (arXiv:2110.04366).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import attention

Array = npt.NDArray[np.float64]


# --8<-- [start:prefix]
def with_prefix(q: Array, k: Array, v: Array, p_k: Array, p_v: Array, causal: bool = True) -> Array:
    """`q`, `k`, `v` (n, d) with `p_k`, `p_v` (l, d) in front of the keys and values; every query sees the prefix."""
    n, length = len(q), len(p_k)
    mask = np.tri(n, length + n, length, dtype=bool) if causal else np.ones((n, length + n), dtype=bool)
    return attention(q, np.concatenate([p_k, k]), np.concatenate([p_v, v]), mask)  # (n, d): no new rows


def gate(q: Array, k: Array, p_k: Array) -> Array:
    """λ (n, 1): the share of the (non-causal) attention weight that goes to the prefix."""
    prefix = np.exp(q @ p_k.T / np.sqrt(q.shape[1])).sum(1, keepdims=True)  # (n, 1)
    text = np.exp(q @ k.T / np.sqrt(q.shape[1])).sum(1, keepdims=True)  # (n, 1)
    return np.asarray(prefix / (prefix + text))


def as_correction(q: Array, k: Array, v: Array, p_k: Array, p_v: Array) -> Array:
    """The same output (non-causal) as a mixture: (1 − λ)·Attn(text) + λ·Attn(prefix)."""
    lam = gate(q, k, p_k)  # (n, 1)
    return (1 - lam) * attention(q, k, v) + lam * attention(q, p_k, p_v)  # (n, d)


# --8<-- [end:prefix]


# --8<-- [start:layers]
class Layer(NamedTuple):
    """A frozen attention layer with a residual: four matrices (d, d)."""

    w_q: Array
    w_k: Array
    w_v: Array
    w_o: Array


def run(x: Array, layers: list[Layer], causal: bool, prefixes: list[tuple[Array, Array]] | None = None) -> Array:
    """`x` (n, d) through all layers, with a prefix (keys, values) in front of each layer's if given."""
    none = np.zeros((0, x.shape[1]))
    for i, w in enumerate(layers):
        p_k, p_v = prefixes[i] if prefixes else (none, none)
        x = x + with_prefix(x @ w.w_q, x @ w.w_k, x @ w.w_v, p_k, p_v, causal) @ w.w_o  # (n, d)
    return x


def prompt_tuning(prompt: Array, x: Array, layers: list[Layer], causal: bool) -> Array:
    """`prompt` (k, d) in front of the embeddings `x` (n, d); the outputs (n, d) of the text."""
    return run(np.concatenate([prompt, x]), layers, causal)[len(prompt) :]


def prefixes_of(prompt: Array, x: Array, layers: list[Layer], causal: bool) -> list[tuple[Array, Array]]:
    """The keys and values that the prompt's positions have in every layer, given the text `x` behind them."""
    h, found = np.concatenate([prompt, x]), []
    for w in layers:
        found.append((h[: len(prompt)] @ w.w_k, h[: len(prompt)] @ w.w_v))
        h = run(h, [w], causal)
    return found


# --8<-- [end:layers]
