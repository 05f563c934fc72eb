r"""A KV cache in blocks: a table per sequence, reference counts, copy on write, and attention that follows the table.

Source: Kwon et al., *PagedAttention* (arXiv:2309.06180), sections 4.1 to 4.4.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


class OutOfBlocks(Exception):
    """No free block: the caller has to preempt somebody."""


# --8<-- [start:pool]
class Pool:
    """Physical memory: `n` blocks of `size` token slots, handed out in any order."""

    def __init__(self, n: int, size: int, d: int) -> None:
        self.k, self.v = np.zeros((n, size, d)), np.zeros((n, size, d))  # (n, B, d)
        self.size, self.free = size, list(range(n - 1, -1, -1))
        self.refs = np.zeros(n, dtype=int)  # (n,): sequences that point to a block

    def take(self) -> int:
        if not self.free:
            raise OutOfBlocks
        block = self.free.pop()
        self.refs[block] = 1
        return block

    def drop(self, block: int) -> None:
        self.refs[block] -= 1
        if self.refs[block] == 0:
            self.free.append(block)


class Sequence:
    """Logical view: token t lives in block table[t // B], slot t % B."""

    def __init__(self, pool: Pool) -> None:
        self.pool, self.table, self.length = pool, list[int](), 0

    def append(self, k: Array, v: Array) -> None:
        """Store one token (d,), (d,); a block is taken only when the last one is full."""
        pool, slot = self.pool, self.length % self.pool.size
        if slot == 0:
            self.table.append(pool.take())
        elif pool.refs[self.table[-1]] > 1:  # shared: somebody else must not see our token
            old, new = self.table[-1], pool.take()
            pool.k[new, :slot], pool.v[new, :slot] = pool.k[old, :slot], pool.v[old, :slot]
            pool.drop(old)
            self.table[-1] = new
        pool.k[self.table[-1], slot], pool.v[self.table[-1], slot] = k, v
        self.length += 1

    def fork(self) -> Sequence:
        """A second sequence with the same past: the table is copied, the blocks are not."""
        child = Sequence(self.pool)
        child.table, child.length = list(self.table), self.length
        self.pool.refs[self.table] += 1
        return child

    def release(self) -> None:
        """Finished, preempted or a dead beam: give up the blocks that nobody else uses."""
        for block in reversed(self.table):
            self.pool.drop(block)
        self.table, self.length = [], 0


# --8<-- [end:pool]


# --8<-- [start:attention]
def paged_attention(q: Array, seq: Sequence) -> Array:
    """One query (d,) over a sequence in blocks → (d,): each block once, combined as in online softmax."""
    pool, best, total, out = seq.pool, -np.inf, 0.0, np.zeros(len(q))
    for i, block in enumerate(seq.table):
        filled = min(pool.size, seq.length - i * pool.size)
        score = pool.k[block, :filled] @ q / len(q) ** 0.5  # (filled,)
        top = max(best, score.max())
        weight = np.exp(score - top)  # (filled,)
        shrink = np.exp(best - top)
        total = total * shrink + weight.sum()
        out = out * shrink + weight @ pool.v[block, :filled]  # (d,)
        best = top
    return out / total


# --8<-- [end:attention]
