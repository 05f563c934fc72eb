r"""Factual-nucleus sampling: top-p whose p decays within a sentence and starts again at the next.

Source: Lee et al. (arXiv:2206.04624), section 4.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax
from labs.decoding.samplers import entropy, top_p

Array = npt.NDArray[np.float64]


# --8<-- [start:schedule]
def schedule(ends: Sequence[bool], p: float, decay: float, floor: float, reset: bool = True) -> Array:
    r"""$p_t=\max(\omega,\ p\lambda^{t-1})$ at each token (n,); `ends[i]` says that token i closes its sentence."""
    out, t = np.empty(len(ends)), 1  # t counts from the start of the sentence
    for i, end in enumerate(ends):
        out[i] = max(floor, p * decay ** (t - 1))
        t = 1 if end and reset else t + 1
    return out


def first_at_floor(p: float, decay: float, floor: float) -> int:
    """The first token of a sentence whose p is the floor."""
    return 1 + next(t for t in range(10_000) if p * decay**t <= floor)


# --8<-- [end:schedule]


# --8<-- [start:sentence]
def sentence(logits: Array, right: Sequence[int | None], ps: Sequence[float]) -> tuple[float, float]:
    """(probability that every fact token is right, entropy in nats of the free tokens) of one sentence.

    `logits` (n, V) do not depend on what was said, so both are exact; right[i] is the only true token of place i, or
    None where any token will do.
    """
    truth, freedom = 1.0, 0.0
    for row, good, p in zip(logits, right, ps, strict=True):
        q = softmax(top_p(row, p))  # (V,)
        if good is None:
            freedom += entropy(q)
        else:
            truth *= float(q[good])
    return truth, freedom


# --8<-- [end:sentence]


def example(facts_late: bool = True) -> tuple[Array, list[int | None]]:
    """A made sentence of 12 tokens over 20 words: 4 free places (flat), 4 of grammar (sure), 4 facts (60 % right)."""
    rank = np.arange(1, 21)
    free = -0.5 * np.log(rank)  # (20,)
    sure = np.where(rank == 1, np.log(0.99), np.log(0.01 / 19))
    fact = np.where(rank == 1, np.log(0.6), np.log(0.4 / 19))
    order = [free] * 4 + [sure] * 4 + [fact] * 4
    right: list[int | None] = [None] * 4 + [0] * 8
    if not facts_late:
        order, right = order[::-1], right[::-1]
    return np.array(order), right
