r"""Prefill in chunks with a rolling buffer: a long prompt needs the cache of one window and the scores of one chunk.

Source: Jiang et al., *Mistral 7B* (arXiv:2310.06825), section 2 (pre-fill and chunking). Decoding token by token with
the same buffer is labs/attention/window_cache.py.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import attention

Array = npt.NDArray[np.float64]


# --8<-- [start:prefill]
def prefill(q: Array, k: Array, v: Array, w: int, chunk: int) -> tuple[Array, Array]:
    """Sliding-window attention of (n, d) in chunks: output (n, d_v), and the position in each of the w slots (w,).

    The mask needs to know how far apart two tokens are, so the slots are put back in order before each chunk.
    """
    keys, values = np.empty((w, k.shape[1])), np.empty((w, v.shape[1]))  # (w, d), (w, d_v)
    place = np.full(w, -1)  # (w,), which position a slot holds; -1 is empty
    out = np.empty((len(q), v.shape[1]))  # (n, d_v)
    for start in range(0, len(q), chunk):
        now = np.arange(start, min(start + chunk, len(q)))  # (c,)
        order = np.argsort(place)  # unrotate: oldest first
        order = order[place[order] >= 0]  # (m,), filled slots only
        seen = np.concatenate([place[order], now])  # (m + c,)
        gap = now[:, None] - seen  # (c, m + c)
        visible = (gap >= 0) & (gap < w)
        all_k, all_v = np.concatenate([keys[order], k[now]]), np.concatenate([values[order], v[now]])
        out[now] = attention(q[now], all_k, all_v, visible)
        keep = now[-w:]  # at most w of a chunk survive
        keys[keep % w], values[keep % w], place[keep % w] = k[keep], v[keep], keep
    return out, place


def largest_scores(n: int, w: int, chunk: int) -> tuple[int, int]:
    """Entries of the largest score matrix: all at once, and in chunks (cache and chunk)."""
    return n * n, min(chunk, n) * (min(w, n) + min(chunk, n))


# --8<-- [end:prefill]
