r"""Embedding and cross-entropy when the vocabulary is cut over t cards: masked look-up, and a loss from three scalars.

Source: Shoeybi et al., *Megatron-LM* (arXiv:1909.08053), section 3; the three all-reduces (max, true logit, sum of
exponentials) are those of Megatron-Core's `_VocabParallelCrossEntropy`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]


# --8<-- [start:embedding]
def embed(ids: Ids, shards: list[Array]) -> Array:
    """Rows of the table for `ids` (n,): each card holds (V/t, d), gives zeros for ids that are not its own → (n, d)."""
    size = len(shards[0])  # V/t
    parts = []
    for rank, table in enumerate(shards):
        local = ids - rank * size  # (n,)
        mine = (local >= 0) & (local < size)  # (n,)
        parts.append(np.where(mine[:, None], table[np.where(mine, local, 0)], 0.0))  # (n, d)
    y: Array = np.sum(parts, axis=0)  # all-reduce: exactly one card has a row that is not zero
    return y


def embed_backward(ids: Ids, dy: Array, size: int, cards: int) -> list[Array]:
    """Gradient of each shard (V/t, d) from dy (n, d); no communication."""
    grads = [np.zeros((size, dy.shape[1])) for _ in range(cards)]
    for i, token in enumerate(ids):
        grads[token // size][token % size] += dy[i]  # a token that occurs twice adds up
    return grads


# --8<-- [end:embedding]


# --8<-- [start:loss]
def parallel_cross_entropy(logits: list[Array], ids: Ids) -> tuple[Array, list[Array]]:
    r"""Loss $\log\sum_v e^{z_v}-z_y$ (n,) of logits in t pieces (n, V/t), and its gradient in the same pieces.

    Only `m`, `z_y` and `total` cross between cards: 3n numbers instead of n·V.
    """
    size = logits[0].shape[1]
    m = np.max([z.max(axis=1) for z in logits], axis=0)  # (n,), all-reduce with max
    exps = [np.exp(z - m[:, None]) for z in logits]  # (n, V/t), stays on its card
    total = np.sum([e.sum(axis=1) for e in exps], axis=0)  # (n,), all-reduce
    hits = [ids[:, None] == np.arange(r * size, (r + 1) * size) for r in range(len(logits))]  # (n, V/t), one True a row
    z_y = np.sum([(z * hit).sum(axis=1) for z, hit in zip(logits, hits, strict=True)], axis=0) - m  # (n,), all-reduce
    loss = np.log(total) - z_y  # (n,)
    return loss, [e / total[:, None] - hit for e, hit in zip(exps, hits, strict=True)]  # softmax minus one-hot


# --8<-- [end:loss]


# --8<-- [start:padding]
def padded_vocab(vocab: int, t: int, multiple: int = 128) -> int:
    """Rows of the table after padding, so that each card gets a multiple of `multiple`."""
    block = multiple * t
    return -(-vocab // block) * block


# --8<-- [end:padding]
