"""Decoding with windows: a ring buffer of W key-value pairs is all that a layer needs, at any length.

Sources: Jiang et al., *Mistral 7B* (arXiv:2310.06825), section 2 (rolling buffer cache); windows that
differ between layers: Bai et al., *Qwen Technical Report* (arXiv:2309.16609), section 2.5.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import attention

Array = npt.NDArray[np.float64]


# --8<-- [start:ring]
def decode_with_ring(q: Array, k: Array, v: Array, w: int) -> Array:
    """Token by token with a cache of `w` slots: (n, d), (n, d), (n, d_v) → (n, d_v).

    Token t overwrites slot t mod w. The slots are then out of order, which does not matter: attention
    is a sum over a set, and a key got its position (RoPE) before it went in.
    """
    keys = np.empty((w, k.shape[1]))  # (w, d)
    values = np.empty((w, v.shape[1]))  # (w, d_v)
    out = np.empty((len(q), v.shape[1]))  # (n, d_v)
    for t in range(len(q)):
        keys[t % w], values[t % w] = k[t], v[t]
        filled = min(t + 1, w)
        out[t] = attention(q[t : t + 1], keys[:filled], values[:filled])[0]
    return out


# --8<-- [end:ring]


# --8<-- [start:budget]
def reach(windows: list[int]) -> int:
    """How many tokens, the last one included, can influence the last output of such a stack."""
    return 1 + sum(w - 1 for w in windows)


def cached_tokens(windows: list[int], n: int) -> int:
    """Key-value pairs that all layers together hold after `n` tokens."""
    return sum(min(w, n) for w in windows)


# --8<-- [end:budget]
