r"""Group-limited routing: pick the groups (nodes) first, then the experts among all of theirs together.

Sources: DeepSeek-V2 (arXiv:2405.04434), section 2.2.2 (a device scores as its best expert); DeepSeek-V3
(arXiv:2412.19437), section 2.1.2 (a node scores as the sum of its best K/M experts), and `Gate` of its inference code.
"""

from __future__ import annotations

from math import comb

import numpy as np
import numpy.typing as npt

from labs.moe.layer import top_k

Array = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]


# --8<-- [start:route]
def group_scores(scores: Array, n_groups: int, best: int) -> Array:
    """Sum of the `best` largest scores of each group: (T, E) → (T, G). V2: best = 1, V3: best = K/M = 2."""
    grouped = scores.reshape(len(scores), n_groups, -1)  # (T, G, E/G)
    total: Array = np.sort(grouped, axis=-1)[..., -best:].sum(axis=-1)  # (T, G)
    return total


def group_limited(scores: Array, bias: Array, n_groups: int, keep: int, k: int, best: int = 2) -> tuple[Ids, Array]:
    """Experts (T, k) from at most `keep` groups, and weights (T, k) from the scores without the bias."""
    biased = scores + bias  # (T, E): the bias takes part in both choices
    groups = top_k(group_scores(biased, n_groups, best), keep)  # (T, keep)
    open_ = np.zeros((len(scores), n_groups), dtype=bool)
    np.put_along_axis(open_, groups, True, axis=-1)
    masked = np.where(np.repeat(open_, scores.shape[1] // n_groups, axis=-1), biased, -np.inf)  # (T, E)
    ids = top_k(masked, k)  # one top-k over the union, not one per group
    s = np.take_along_axis(scores, ids, axis=-1)  # (T, k)
    return ids, s / s.sum(axis=-1, keepdims=True)


# --8<-- [end:route]


# --8<-- [start:nodes]
def nodes_reached(ids: Ids, n_experts: int, n_nodes: int) -> Ids:
    """Number of distinct nodes that hold the experts of each token: (T, k) → (T,)."""
    hit = np.zeros((len(ids), n_nodes), dtype=np.int64)
    np.put_along_axis(hit, ids // (n_experts // n_nodes), 1, axis=-1)
    out: Ids = hit.sum(axis=-1)
    return out


def expected_nodes(n_experts: int, n_nodes: int, k: int) -> float:
    """Mean of the above if all sets of k experts are equally likely: a node is missed with C(E − E/N, k) / C(E, k)."""
    return n_nodes * (1 - comb(n_experts - n_experts // n_nodes, k) / comb(n_experts, k))


# --8<-- [end:nodes]


def kept_score(scores: Array, ids: Ids) -> float:
    """Sum of the chosen scores over the sum of the k largest ones, averaged over tokens."""
    chosen = np.take_along_axis(scores, ids, axis=-1).sum(axis=-1)  # (T,)
    best = np.take_along_axis(scores, top_k(scores, ids.shape[1]), axis=-1).sum(axis=-1)  # (T,)
    return float((chosen / best).mean())
