r"""The MoE layer: a router picks k of E feed-forward experts per token, tokens are gathered expert by expert.

Sources: Shazeer et al. (arXiv:1701.06538), section 2; Jiang et al., *Mixtral* (arXiv:2401.04088), section 2.1:
softmax over the k chosen logits. Overflow as in Fedus et al. (arXiv:2101.03961), section 2.2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax
from labs.moe.capacity import Bools, kept
from labs.transformer.ffn import swiglu

Array = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Experts:
    """E SwiGLU networks of width h."""

    gate: Array  # (E, d, h)
    up: Array  # (E, d, h)
    down: Array  # (E, h, d)

    def __call__(self, i: int, x: Array) -> Array:
        """Expert i on its tokens: (n, d) → (n, d)."""
        return swiglu(x, self.gate[i], self.up[i], self.down[i])

    def __len__(self) -> int:
        return len(self.gate)


def make_experts(n: int, d: int, h: int, rng: np.random.Generator) -> Experts:
    """Random experts that keep the variance roughly."""
    gate, up = rng.standard_normal((2, n, d, h)) / np.sqrt(d)
    return Experts(gate, up, rng.standard_normal((n, h, d)) / np.sqrt(h))


# --8<-- [start:route]
def top_k(scores: Array, k: int) -> Ids:
    """Indices of the k largest of each row, best first: (T, E) → (T, k)."""
    return np.argsort(-scores, axis=-1, kind="stable")[:, :k]


def route(x: Array, w_r: Array, k: int) -> tuple[Ids, Array]:
    """Chosen experts (T, k) and their weights (T, k) for `x` (T, d), router `w_r` (d, E)."""
    logits = x @ w_r  # (T, E)
    ids = top_k(logits, k)  # (T, k)
    return ids, softmax(np.take_along_axis(logits, ids, axis=-1))  # weights of a token sum to 1


# --8<-- [end:route]


# --8<-- [start:moe]
def moe(x: Array, w_r: Array, experts: Experts, k: int) -> Array:
    """y_t = Σ_i g_i(x_t) E_i(x_t) over the k experts of token t: (T, d) → (T, d)."""
    ids, weights = route(x, w_r, k)  # (T, k) each
    return combine(x, experts, ids, weights)


def combine(x: Array, experts: Experts, ids: Ids, weights: Array) -> Array:
    """Sort the T·k assignments by expert, run each expert once on its segment, add the results back."""
    k = ids.shape[1]
    order = np.argsort(ids.ravel(), kind="stable")  # (T·k,): assignments grouped by expert
    token = order // k  # (T·k,): the token of each assignment
    counts = np.bincount(ids.ravel(), minlength=len(experts))  # (E,): the load
    y = np.zeros_like(x)  # (T, d)
    for i, segment in enumerate(np.split(token, np.cumsum(counts)[:-1])):
        share = weights.ravel()[order[counts[:i].sum() : counts[: i + 1].sum()]]  # (n_i,)
        # A token meets an expert at most once, so no index repeats within a segment.
        y[segment] += share[:, None] * experts(i, x[segment])  # (n_i, d)
    return y


# --8<-- [end:moe]


# --8<-- [start:overflow]
def moe_with_capacity(
    x: Array, w_r: Array, experts: Experts, k: int, capacity: int, renormalize: bool = False
) -> tuple[Array, Bools]:
    """MoE whose experts take at most `capacity` tokens, and which assignments were kept (T, k)."""
    ids, weights = route(x, w_r, k)
    keep = kept(ids, len(experts), capacity)  # (T, k)
    weights = weights * keep  # an assignment that overflows adds nothing …
    if renormalize:  # … and optionally its weight goes to the token's other experts
        total = weights.sum(axis=-1, keepdims=True)  # (T, 1), 0 if all k overflow
        weights = weights / np.where(total > 0, total, 1)
    return combine(x, experts, ids, weights), keep


# --8<-- [end:overflow]
