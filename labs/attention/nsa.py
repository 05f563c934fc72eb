"""NSA: three small attentions a query (compressed, selected, window) mixed by gates; one query group.

Source: Yuan et al., *Native Sparse Attention* (arXiv:2502.11089), section 3.3, equations (5)-(12). The
paper compresses with a learned MLP; here `phi` is any function of a block, the mean by default. Tokens
and blocks count from 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import scores, softmax

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Sizes:
    """The paper's setting (section 4.1); `chosen` includes the first and the two local blocks."""

    compress: int = 32  # l, tokens a compressed block stands for
    stride: int = 16  # d, from one compressed block to the next
    select: int = 64  # l', tokens of a selection block
    chosen: int = 16  # n, selection blocks a query reads
    window: int = 512  # w


def attend(q: Array, k: Array, v: Array, mask: Mask) -> tuple[Array, Array]:
    """Output (h, n, d_v) and weights (h, n, m); a query that sees nothing yet gets zeros, not NaN."""
    seen = mask.any(axis=-1, keepdims=True)  # (n, 1)
    weights = np.where(seen, softmax(scores(q, k, mask | ~seen)), 0.0)  # (h, n, m)
    return weights @ v, weights


# --8<-- [start:branches]
def compress(x: Array, sizes: Sizes, phi: Callable[[Array], Array]) -> Array:
    """Equation (7): a vector for each l tokens, every d tokens, (n, d) → ((n - l) // d + 1, d)."""
    starts = range(0, len(x) - sizes.compress + 1, sizes.stride)
    return np.stack([phi(x[s : s + sizes.compress]) for s in starts])


def compressed_visible(n: int, sizes: Sizes) -> Mask:
    """A compressed block can be seen once its last token is there: (n, compressed blocks)."""
    last = np.arange(0, n - sizes.compress + 1, sizes.stride) + sizes.compress - 1  # (m,)
    return last[None, :] <= np.arange(n)[:, None]  # (n, m)


def block_scores(p: Array, sizes: Sizes, blocks: int) -> Array:
    """Equation (9): selection blocks weigh what their compressed blocks do, (n, m) → (n, blocks).

    The paper's index l'/d · j - m - n counts blocks from 1; counted from 0 it is l'/d · j + m - n.
    """
    per_select, per_compress = sizes.select // sizes.stride, sizes.compress // sizes.stride
    out = np.zeros((len(p), blocks))  # (n, blocks)
    for j in range(blocks):
        for m in range(per_select):
            for n in range(per_compress):
                i = per_select * j + m - n
                if 0 <= i < p.shape[1]:
                    out[:, j] += p[:, i]
    return out


def choose(score: Array, sizes: Sizes) -> Mask:
    """Equation (11): the top blocks of each query, (n, blocks) → (n, blocks), three of them forced."""
    b = np.arange(score.shape[1])[None, :]  # (1, blocks)
    current = np.arange(len(score))[:, None] // sizes.select  # (n, 1)
    s = np.where((b == 0) | (b >= current - 1), np.inf, score)  # (n, blocks)
    s = np.where(b > current, -np.inf, s)
    best = np.argsort(-s, axis=1, kind="stable")[:, : sizes.chosen]  # (n, chosen)
    chosen = np.zeros(score.shape, dtype=bool)
    np.put_along_axis(chosen, best, True, axis=1)
    return chosen & (b <= current)


# --8<-- [end:branches]


# --8<-- [start:nsa]
def nsa(
    q: Array,
    k: Array,
    v: Array,
    gates: Array,
    sizes: Sizes,
    phi: Callable[[Array], Array] = lambda x: x.mean(axis=0),
) -> Array:
    """Equation (5): `q` (h, n, d), `k` and `v` (3, n, d) by branch, `gates` (3, h, n) → (h, n, d)."""
    n = q.shape[1]
    tokens = np.arange(n)
    causal = np.tri(n, dtype=bool)  # (n, n)

    k_cmp, v_cmp = compress(k[0], sizes, phi), compress(v[0], sizes, phi)  # (m, d)
    out_cmp, p = attend(q, k_cmp, v_cmp, compressed_visible(n, sizes))  # (h, n, d), (h, n, m)

    votes = p.sum(axis=0)  # (n, m), equation (10): the heads of the group choose together
    score = block_scores(votes, sizes, -(-n // sizes.select))  # (n, blocks)
    selected = choose(score, sizes)[:, tokens // sizes.select] & causal  # (n, n)
    out_slc, _ = attend(q, k[1], v[1], selected)  # (h, n, d)

    near = causal & (tokens[:, None] - tokens[None, :] < sizes.window)  # (n, n)
    out_win, _ = attend(q, k[2], v[2], near)  # (h, n, d)

    branches = np.stack([out_cmp, out_slc, out_win])  # (3, h, n, d)
    mixed: Array = (gates[..., None] * branches).sum(axis=0)  # (h, n, d)
    return mixed


# --8<-- [end:nsa]
