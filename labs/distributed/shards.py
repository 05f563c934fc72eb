r"""Two ways to cut the parameters of one FSDP unit: one flat vector (FSDP1), or every tensor by its rows (FSDP2).

Sources: Zhao et al., *PyTorch FSDP* (arXiv:2304.11277), section 3.2; the documentation of `fully_shard`.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:flat]
def flat_shards(params: list[Array], ranks: int) -> Array:
    """FSDP1: flatten, concatenate, pad, cut into equal pieces. → (N, P/N); a cut may fall inside a tensor."""
    flat = np.concatenate([p.ravel() for p in params])  # (Σ sizes,)
    return np.pad(flat, (0, -len(flat) % ranks)).reshape(ranks, -1)


def unflatten(shards: Array, shapes: list[tuple[int, ...]]) -> list[Array]:
    """All-gather is one concatenation; the tensors are views into it."""
    flat = shards.ravel()  # (P,)
    ends = np.cumsum([int(np.prod(s)) for s in shapes])
    return [part.reshape(s) for part, s in zip(np.split(flat, ends), shapes, strict=False)]


# --8<-- [end:flat]


# --8<-- [start:rows]
def row_shards(param: Array, ranks: int) -> list[Array]:
    """FSDP2: ⌈d₀/N⌉ whole rows a rank, like torch.chunk; the last ranks may get fewer rows, or none."""
    rows = -(-len(param) // ranks)
    return [param[r * rows : (r + 1) * rows] for r in range(ranks)]


def wasted(params: list[Array], ranks: int) -> tuple[int, int]:
    """Numbers of padding in the communication buffers: flat (under N in all), by rows (whole rows of each tensor)."""
    flat = -sum(p.size for p in params) % ranks
    rows = sum(-(-len(p) // ranks) * ranks * (p.size // len(p)) - p.size for p in params)
    return flat, rows


# --8<-- [end:rows]


def owners(shapes: list[tuple[int, ...]], ranks: int) -> list[set[int]]:
    """Which ranks hold a part of each tensor when the unit is cut as one flat vector."""
    total = sum(int(np.prod(s)) for s in shapes)
    piece = -(-total // ranks)
    starts = np.cumsum([0, *(int(np.prod(s)) for s in shapes)])
    return [set(range(int(a) // piece, (int(b) - 1) // piece + 1)) for a, b in pairwise(starts)]
