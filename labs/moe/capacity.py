r"""Expert capacity: who fits into an expert's buffer, how much is dropped, how much is padding.

Sources: Lepikhin et al., *GShard* (arXiv:2006.16668), algorithm 1; Fedus et al. (arXiv:2101.03961), section 2.2;
Gale et al., *MegaBlocks* (arXiv:2211.15841), section 5: segments padded to blocks of 128 instead of to the capacity.
"""

from __future__ import annotations

from math import ceil

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


# --8<-- [start:capacity]
def capacity(tokens: int, k: int, n_experts: int, factor: float) -> int:
    """C = ⌈factor · k·T / E⌉: what an even split gives, times a margin."""
    return ceil(factor * k * tokens / n_experts)


def positions(ids: Ids, n_experts: int) -> Ids:
    """Place of each assignment in its expert's queue, (T, k): all first choices queue before all second ones."""
    flat = ids.T.ravel()  # (k·T,): choice by choice, tokens in their order
    one_hot = flat[:, None] == np.arange(n_experts)  # (k·T, E)
    place = np.cumsum(one_hot, axis=0)[np.arange(len(flat)), flat] - 1  # (k·T,)
    out: Ids = place.reshape(ids.shape[::-1]).T  # (T, k)
    return out


def kept(ids: Ids, n_experts: int, limit: int) -> Bools:
    """Assignments that fit, (T, k)."""
    out: Bools = positions(ids, n_experts) < limit
    return out


# --8<-- [end:capacity]


# --8<-- [start:buffers]
def fill_buffers(x: Array, ids: Ids, n_experts: int, limit: int) -> Array:
    """Inputs of all experts in one rectangle (E, C, d): batched matmul and equal messages, zeros where empty."""
    place = positions(ids, n_experts)  # (T, k)
    token, slot = np.nonzero(place < limit)  # kept assignments
    out = np.zeros((n_experts, limit, x.shape[1]))  # (E, C, d)
    out[ids[token, slot], place[token, slot]] = x[token]
    return out


# --8<-- [end:buffers]


# --8<-- [start:waste]
def drop_and_padding(counts: Ids, limit: int) -> tuple[float, float]:
    """(share of the assignments that is dropped, share of the E·C buffer rows that is zeros)."""
    used = np.minimum(counts, limit)  # (E,)
    return float(1 - used.sum() / counts.sum()), float(1 - used.sum() / (limit * len(counts)))


def block_padding(counts: Ids, block: int = 128) -> float:
    """Share of padding when each expert's segment only grows to a multiple of `block`, and nothing is dropped."""
    rows = -(-counts // block) * block  # (E,)
    return float(1 - counts.sum() / rows.sum())


# --8<-- [end:waste]
