r"""The six collectives as functions of what every rank holds; the first axis is always the rank.

Source: the definitions of NCCL's user guide (Collective Operations) and of `torch.distributed`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


# --8<-- [start:primitives]
def broadcast(x: Array, root: int = 0) -> Array:
    """(N, n) → (N, n): everybody gets the root's row."""
    return np.repeat(x[root : root + 1], len(x), axis=0)


def reduce(x: Array, root: int = 0) -> Array:
    """(N, n) → (N, n): the root gets the sum, the others keep what they had."""
    out = x.copy()
    out[root] = x.sum(axis=0)
    return out


def all_reduce(x: Array) -> Array:
    """(N, n) → (N, n): everybody gets the sum."""
    return np.repeat(x.sum(axis=0, keepdims=True), len(x), axis=0)


def reduce_scatter(x: Array) -> Array:
    """(N, n) → (N, n/N): rank r gets the r-th piece of the sum."""
    pieces: Array = x.sum(axis=0).reshape(len(x), -1)  # (N, n/N)
    return pieces


def all_gather(x: Array) -> Array:
    """(N, k) → (N, N·k): everybody gets all pieces in rank order."""
    return np.repeat(x.reshape(1, -1), len(x), axis=0)


def all_to_all(x: Array) -> Array:
    """(N, n) → (N, n): piece j of rank i becomes piece i of rank j, a transpose of blocks."""
    n = len(x)
    return x.reshape(n, n, -1).swapaxes(0, 1).reshape(n, -1)


# --8<-- [end:primitives]


# --8<-- [start:volume]
def sent(kind: str, n: int, size: float) -> float:
    """Bytes each rank sends in a ring algorithm; `size` is the whole vector: of the sum, or of the gathered pieces."""
    share = size * (n - 1) / n
    return {"reduce_scatter": share, "all_gather": share, "all_to_all": share, "all_reduce": 2 * share}[kind]


def bus_bandwidth(kind: str, n: int, size: float, seconds: float) -> float:
    """What a link carried per second: comparable with the hardware's number whatever N is (nccl-tests' busbw)."""
    return sent(kind, n, size) / seconds


# --8<-- [end:volume]
