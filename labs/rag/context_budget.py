r"""What goes into the prompt, and in which order: packing under a budget, dropping sentences, best ones to the ends."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from labs.rag.bm25 import Index
from labs.rag.chunking import Span, sentences
from labs.rag.corpus import tokens
from labs.rag.metrics import ranking

Array = npt.NDArray[np.float64]


# --8<-- [start:pack]
def by_rank(lengths: Sequence[int], budget: int) -> list[int]:
    """Passages in ranked order, up to the first that does not fit."""
    total = np.cumsum(lengths)  # (n,)
    return list(range(int((total <= budget).sum())))


def by_density(values: Array, lengths: Sequence[int], budget: int) -> list[int]:
    """Most value per token first, skipping what does not fit."""
    out: list[int] = []
    for i in ranking(values / np.asarray(lengths)):
        if lengths[i] <= budget:
            out.append(int(i))
            budget -= lengths[i]
    return sorted(out)


def best(values: Array, lengths: Sequence[int], budget: int) -> float:
    """The largest total value that fits: the 0/1 knapsack by dynamic programming."""
    table = np.zeros(budget + 1)  # (budget + 1,) best value for each room
    for value, length in zip(values, lengths, strict=True):
        if length <= budget:
            table[length:] = np.maximum(table[length:], table[: budget + 1 - length] + value)
    return float(table[-1])


# --8<-- [end:pack]


# --8<-- [start:ends]
def to_the_ends(ranked: Sequence[int]) -> list[int]:
    """1st, 3rd, 5th … from the front, 2nd, 4th … from the back: the weakest stand in the middle."""
    return [*ranked[::2], *ranked[1::2][::-1]]


# --8<-- [end:ends]


# --8<-- [start:compress]
def keep_sentences(text: str, picked: Sequence[Span], question: str, index: Index, budget: int) -> list[Span]:
    """Of the picked stretches of `text`, the sentences that share most with the question, in their own order.

    A sentence scores the sum of the largest index weights of the question's terms that it holds.
    """
    rarity = index.weights.max(0)  # (v,)
    wanted = {t: rarity[index.columns[t]] for t in tokens(question) if t in index.columns}
    parts = [(b + s, b + e) for b, end in picked for s, e in sentences(text[b:end])]
    value = np.array([sum(wanted.get(t, 0.0) for t in set(tokens(text[b:e]))) for b, e in parts])
    chosen = by_density(value, [e - b for b, e in parts], budget)
    return [parts[i] for i in chosen]


# --8<-- [end:compress]
