r"""From raw logits to the distribution a token is drawn from, in the order libraries use.

Sources: the order of `_get_logits_processor` in Transformers (penalties, n-gram blocking, then temperature, top-k,
top-p); Keskar et al. (arXiv:1909.05858), section 4.1; Paulus et al. (arXiv:1705.04304), section 2.5.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax
from labs.decoding.samplers import temperature, top_k, top_p
from labs.reliability.repetition import additive_penalty, repetition_penalty

Array = npt.NDArray[np.float64]


# --8<-- [start:ctrl]
def ctrl_as_printed(logits: Array, context: Sequence[int], theta: float) -> Array:
    """The paper's formula taken literally: every seen logit (V,) is divided, so a negative one is raised."""
    out = logits.copy()  # (V,)
    seen = np.unique(np.asarray(context))
    out[seen] /= theta
    return out


def effect(before: Array, after: Array, token: int) -> float:
    """By what factor a penalty changed the odds of `token` against all others (both logits (V,))."""

    def odds(z: Array) -> float:
        p = softmax(z)  # (V,)
        return float(p[token] / (1 - p[token]))

    return odds(after) / odds(before)


# --8<-- [end:ctrl]


# --8<-- [start:ngram]
class NgramIndex:
    """All n-grams of a growing text: the first n − 1 tokens lead to the set of tokens that followed them."""

    def __init__(self, n: int) -> None:
        self.n = n
        self.text: list[int] = []
        self.followers: dict[tuple[int, ...], set[int]] = defaultdict(set)

    def append(self, token: int) -> None:
        """One more token: exactly one new n-gram, so the index never rescans the text."""
        self.text.append(token)
        if len(self.text) >= self.n:
            self.followers[tuple(self.text[-self.n : -1])].add(token)

    def banned(self) -> set[int]:
        """Tokens that would complete an n-gram which already stands somewhere in the text."""
        if len(self.text) < self.n - 1:
            return set()
        return set(self.followers.get(tuple(self.text[len(self.text) - self.n + 1 :]), ()))


# --8<-- [end:ngram]


# --8<-- [start:chain]
@dataclass(frozen=True)
class Settings:
    """What a request may ask for; the defaults change nothing."""

    theta: float = 1.0  # repetition_penalty
    presence: float = 0.0
    frequency: float = 0.0
    ngram: int = 0  # no_repeat_ngram_size
    t: float = 1.0
    k: int = 0
    p: float = 1.0


def next_distribution(logits: Array, context: Sequence[int], s: Settings) -> Array:
    """Probabilities (V,) of the next token: penalties on raw logits, then temperature, top-k, top-p, softmax."""
    if context:
        logits = repetition_penalty(logits, context, s.theta)
        logits = additive_penalty(logits, context, s.presence, s.frequency)
    if s.ngram:
        index = NgramIndex(s.ngram)
        for token in context:
            index.append(token)
        logits = logits.copy()
        logits[sorted(index.banned())] = -np.inf
    logits = temperature(logits, s.t)
    if s.k:
        logits = top_k(logits, s.k)
    if s.p < 1:
        logits = top_p(logits, s.p)
    return softmax(logits)


# --8<-- [end:chain]
