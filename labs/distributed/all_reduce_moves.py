r"""Five ways to all-reduce as lists of messages, replayed one step at a time, and what each costs.

Sources: Patarasuk & Yuan, *Bandwidth optimal all-reduce algorithms for clusters of workstations* (JPDC 2009); Thakur,
Rabenseifner & Gropp, *Optimization of Collective Communication Operations in MPICH* (IJHPCA 2005), sections 3 and 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt

from labs.distributed.ring_allreduce import schedule

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Move:
    """In `step`, `src` sends its chunks lo … hi − 1 to `dst`, which adds them or overwrites its own."""

    step: int
    src: int
    dst: int
    lo: int
    hi: int
    adds: bool


@dataclass(frozen=True)
class Cost:
    """Steps; bytes that the busiest card sends, and receives; bytes of all messages; seconds."""

    steps: int
    sent: float
    received: float
    total: float
    seconds: float


# --8<-- [start:moves]
def ring(n: int) -> list[Move]:
    """N chunks go round at once: N − 1 steps add, N − 1 steps copy."""
    return [Move(s.step, s.src, (s.src + 1) % n, s.chunk, s.chunk + 1, s.adds) for s in schedule(n)]


def chain(n: int) -> list[Move]:
    """The whole vector goes round twice along the same ring: one link works, the others wait."""
    adding = [Move(t, t, t + 1, 0, n, True) for t in range(n - 1)]
    return adding + [Move(n - 1 + t, (n - 1 + t) % n, t, 0, n, False) for t in range(n - 1)]


def halving(n: int) -> list[Move]:
    """N a power of two: swap halves with the card N/2 away, quarters with the one N/4 away, …, and the way back."""
    out, lo, hi, gap, step = list[Move](), [0] * n, [n] * n, n // 2, 0
    while gap:
        for r in range(n):  # keep the lower half if the partner is above
            middle = (lo[r] + hi[r]) // 2
            lo[r], hi[r] = (lo[r], middle) if r < r ^ gap else (middle, hi[r])
        out += [Move(step, r, r ^ gap, lo[r ^ gap], hi[r ^ gap], True) for r in range(n)]
        gap, step = gap // 2, step + 1
    back = [Move(2 * step - 1 - m.step, m.dst, m.src, m.lo, m.hi, False) for m in out]
    return sorted(back[::-1] + out, key=lambda m: m.step)


def tree(n: int) -> list[Move]:
    """A binomial tree with card 0 as its root: sums go up whole, the result comes down the same way."""
    height = (n - 1).bit_length()
    up = [Move(k, r, r - 2**k, 0, n, True) for k in range(height) for r in range(2**k, n, 2 ** (k + 1))]
    return up + [Move(2 * height - 1 - m.step, m.dst, m.src, 0, n, False) for m in reversed(up)]


def server(n: int) -> list[Move]:
    """Everybody sends to card 0 at once, and it answers everybody."""
    up = [Move(0, r, 0, 0, n, True) for r in range(1, n)]
    return up + [Move(1, 0, r, 0, n, False) for r in range(1, n)]


KINDS = {"ring": ring, "halving": halving, "tree": tree, "chain": chain, "server": server}


def replay(x: Array, moves: list[Move]) -> list[Array]:
    """(N, N, c), card by chunk → the state at the start and after each step."""
    history = [x.copy()]
    for _, step in groupby(moves, key=lambda m: m.step):
        before, state = history[-1], history[-1].copy()  # all messages of a step are on the wire at once
        for m in step:
            message = before[m.src, m.lo : m.hi]  # (hi − lo, c)
            state[m.dst, m.lo : m.hi] = state[m.dst, m.lo : m.hi] + message if m.adds else message
        history.append(state)
    return history


# --8<-- [end:moves]


# --8<-- [start:cost]
def cost(kind: str, n: int, size: float, alpha: float, bandwidth: float) -> Cost:
    """Of `size` bytes on n cards: α seconds a step, and what the busiest card sends or receives in it."""
    height = (n - 1).bit_length()  # log₂N, rounded up
    share = 2 * (n - 1) / n
    steps, most, carried = {  # most: vectors that the busiest card sends in all; carried: summed over the steps
        "ring": (2 * (n - 1), share, share),
        "halving": (2 * height, share, share),
        "tree": (2 * height, height, 2 * height),
        "chain": (2 * (n - 1), min(2, n - 1), 2 * (n - 1)),
        "server": (2, n - 1, 2 * (n - 1)),
    }[kind]
    # Every way adds N − 1 vectors into one and hands N − 1 copies out.
    total = 2 * (n - 1) * size
    return Cost(steps, most * size, most * size, total, steps * alpha + carried * size / bandwidth)


# --8<-- [end:cost]
