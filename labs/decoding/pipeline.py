r"""From raw logits to the distribution a token is drawn from, in the order libraries use.

Sources: the order of `_get_logits_processor` in Transformers (penalties, n-gram blocking, then temperature, top-k,
top-p, min-p), of the sampler of vLLM and of llama.cpp's default chain; Keskar et al. (arXiv:1909.05858), section 4.1;
Paulus et al. (arXiv:1705.04304), section 2.5.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from labs.attention.scaled_dot_product import softmax
from labs.decoding.samplers import min_p, temperature, top_k, top_p
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
    m: float = 0.0  # min_p


def penalised(logits: Array, context: Sequence[int], s: Settings) -> Array:
    """Logits (V,) after penalties and blocked n-grams: every engine begins with these, on raw logits."""
    if context:
        logits = repetition_penalty(logits, context, s.theta)
        logits = additive_penalty(logits, context, s.presence, s.frequency)
    if s.ngram:
        index = NgramIndex(s.ngram)
        for token in context:
            index.append(token)
        logits = logits.copy()
        logits[sorted(index.banned())] = -np.inf
    return logits


FILTERS: dict[str, Callable[[Array, Settings], Array]] = {
    "temperature": lambda z, s: temperature(z, s.t),
    "top-k": lambda z, s: top_k(z, s.k) if s.k else z,
    "top-p": lambda z, s: top_p(z, s.p) if s.p < 1 else z,
    "min-p": lambda z, s: min_p(z, s.m) if s.m else z,
}
ORDERS = {
    "transformers": ("temperature", "top-k", "top-p", "min-p"),
    "vllm": ("temperature", "min-p", "top-k", "top-p"),
    "llama.cpp": ("top-k", "top-p", "min-p", "temperature"),
}


def stages(logits: Array, context: Sequence[int], s: Settings, engine: str = "transformers") -> list[Array]:
    """Logits (V,) after the penalties and after each filter of an engine, in its default order."""
    out = [penalised(logits, context, s)]
    for name in ORDERS[engine]:
        out.append(FILTERS[name](out[-1], s))
    return out


def next_distribution(logits: Array, context: Sequence[int], s: Settings, engine: str = "transformers") -> Array:
    """Probabilities (V,) of the next token: the last stage, and one softmax."""
    return softmax(stages(logits, context, s, engine)[-1])


# --8<-- [end:chain]
