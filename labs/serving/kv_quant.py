r"""Quantising the KV cache: one step per channel for keys, one per token for values, the newest tokens untouched.

Source: Liu et al., *KIVI* (arXiv:2402.02750), sections 3 and 4.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax

Array = npt.NDArray[np.float64]


# --8<-- [start:axis]
def quantise(x: Array, bits: int, axis: int) -> Array:
    """`x` (s, d) to `bits` and back, asymmetric; axis 0: a step per channel, axis 1: a step per token."""
    low = x.min(axis, keepdims=True)
    step = np.maximum(x.max(axis, keepdims=True) - low, 1e-12) / (2**bits - 1)
    return np.asarray(low + np.rint((x - low) / step) * step)


def by_channel(x: Array, bits: int, group: int) -> Array:
    """Per channel, over `group` successive tokens: the next step size does not wait for the whole text. (s, d)"""
    return np.vstack([quantise(part, bits, 0) for part in x.reshape(-1, group, x.shape[1])])


def by_token(x: Array, bits: int, group: int) -> Array:
    """Per token, over `group` successive channels. (s, d)"""
    s, d = x.shape
    return quantise(x.reshape(s * d // group, group), bits, 1).reshape(s, d)


# --8<-- [end:axis]


# --8<-- [start:attend]
def attention_error(q: Array, k: Array, v: Array, k_hat: Array, v_hat: Array) -> float:
    """Relative error of softmax(q Kᵀ/√d) V: `q` (n, d) queries over s cached tokens (s, d)."""
    root = np.sqrt(k.shape[1])
    want, got = softmax(q @ k.T / root) @ v, softmax(q @ k_hat.T / root) @ v_hat  # (n, d)
    return float(np.linalg.norm(got - want) / np.linalg.norm(want))


# --8<-- [end:attend]


HOT = {5: 10.0, 40: -12.0, 77: 8.0, 100: 15.0}  # made up: channels with a large mean, of either sign


def made_up_cache(tokens: int = 256, d: int = 128, seed: int = 0) -> tuple[Array, Array, Array]:
    """Queries (64, d), keys (s, d) with the outlier channels of KIVI's figure 2, values (s, d) without."""
    rng = np.random.default_rng(seed)
    k, q, v = rng.standard_normal((tokens, d)), rng.standard_normal((64, d)), rng.standard_normal((tokens, d))
    hot = list(HOT)
    k[:, hot] = 2 * k[:, hot] + np.array(list(HOT.values()))
    q[:, hot] *= 0.3
    return q, k, v


# --8<-- [start:stream]
class KiviCache:
    """Keys of one head, arriving one token at a time: full groups are quantised, the rest waits in full precision."""

    def __init__(self, d: int, bits: int, residual: int) -> None:
        self.bits, self.residual = bits, residual
        self.old = np.zeros((0, d))  # quantised, per channel within each group of `residual` tokens
        self.new = np.zeros((0, d))  # at most residual − 1 tokens

    def append(self, key: Array) -> None:
        """One more key (d,)."""
        self.new = np.vstack([self.new, key])  # (≤ residual, d)
        if len(self.new) == self.residual:
            self.old = np.vstack([self.old, quantise(self.new, self.bits, 0)])
            self.new = self.new[:0]

    def keys(self) -> Array:
        """What attention reads, (s, d)."""
        return np.vstack([self.old, self.new])


# --8<-- [end:stream]


# --8<-- [start:bytes]
def cache_bytes(
    layers: int, kv_heads: int, d: int, tokens: int, bits: float, group: int = 0, residual: int = 0
) -> float:
    """Bytes of one sequence: 2·L·n_kv·d_h·s·bits/8, plus a float16 step and minimum per group, plus `residual`."""
    numbers = 2 * layers * kv_heads * d
    overhead = 32 / group if group else 0  # bits per number
    return numbers * ((tokens - residual) * (bits + overhead) + residual * 16) / 8


# --8<-- [end:bytes]
