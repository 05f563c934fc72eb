r"""Ring all-reduce chunk by chunk: N−1 steps that add, N−1 steps that copy, and what they cost.

Source: Patarasuk & Yuan, *Bandwidth optimal all-reduce algorithms for clusters of workstations* (JPDC 2009).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log2

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Send:
    """In `step`, `src` sends `chunk` to its right neighbour, which adds it or overwrites its own copy."""

    step: int
    src: int
    chunk: int
    adds: bool


# --8<-- [start:ring]
def schedule(n: int) -> list[Send]:
    """All messages: in step t rank r passes on the chunk that it received in step t − 1."""
    adding = [Send(t, r, (r - t) % n, True) for t in range(n - 1) for r in range(n)]
    copying = [Send(n - 1 + t, r, (r + 1 - t) % n, False) for t in range(n - 1) for r in range(n)]
    return adding + copying


def ring_all_reduce(x: Array) -> tuple[Array, list[Array]]:
    """(N, N, c), rank by chunk → the same with every rank holding the sums, and the state after each step."""
    n = len(x)
    state, history = x.copy(), [x.copy()]
    for step in range(2 * (n - 1)):
        before = state.copy()  # all messages of a step are on the wire at once
        for send in (s for s in schedule(n) if s.step == step):
            dst = (send.src + 1) % n
            message = before[send.src, send.chunk]  # (c,)
            state[dst, send.chunk] = before[dst, send.chunk] + message if send.adds else message
        history.append(state.copy())
    return state, history


# --8<-- [end:ring]


# --8<-- [start:halving]
def halving_doubling(x: Array) -> tuple[Array, list[int]]:
    """(N, n), N a power of two → sums on every rank, and how many numbers a rank sent in each of 2·log₂N steps."""
    n, size = x.shape
    state, sent = x.copy(), []
    lo, hi = np.zeros(n, dtype=int), np.full(n, size)  # the stretch that rank r is still responsible for
    for k in range(int(log2(n))):  # halve: exchange with a partner, keep the sum of one half
        before, span = state.copy(), (hi[0] - lo[0]) // 2
        for r in range(n):
            partner = r ^ (n >> (k + 1))
            keep = slice(lo[r], lo[r] + span) if r < partner else slice(lo[r] + span, hi[r])
            state[r, keep] = before[r, keep] + before[partner, keep]
            lo[r], hi[r] = keep.start, keep.stop
        sent.append(int(span))
    for k in reversed(range(int(log2(n)))):  # double: the same partners, backwards
        before, old = state.copy(), list(zip(lo, hi, strict=True))
        for r in range(n):
            partner = r ^ (n >> (k + 1))
            a, b = old[partner]
            state[r, a:b] = before[partner, a:b]
            lo[r], hi[r] = min(old[r][0], a), max(old[r][1], b)
        sent.append(int(old[0][1] - old[0][0]))
    return state, sent


# --8<-- [end:halving]


# --8<-- [start:cost]
def ring_seconds(n: int, size: float, alpha: float, bandwidth: float) -> float:
    """2(N−1) messages of M/N bytes, each with latency α."""
    return 2 * (n - 1) * (alpha + size / n / bandwidth)


def halving_seconds(n: int, size: float, alpha: float, bandwidth: float) -> float:
    """2·log₂N messages; the bytes are those of the ring, since M/2 + M/4 + … = M(N−1)/N."""
    return 2 * log2(n) * alpha + 2 * (n - 1) / n * size / bandwidth


def server_seconds(n: int, size: float, alpha: float, bandwidth: float) -> float:
    """A server of its own receives N vectors and then sends N: all through one network card."""
    return 2 * (alpha + n * size / bandwidth)


# --8<-- [end:cost]
