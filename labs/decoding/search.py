r"""Greedy decoding, beam search and exhaustive search over the same little model.

Sources: Sutskever et al. (arXiv:1409.3215), section 3.2, for beam search; Wu et al. (arXiv:1609.08144), section 7,
for the length penalty; Stahlberg and Byrne (arXiv:1908.10090) for what a wide beam finds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Model = Callable[[tuple[int, ...]], Array]  # prefix → probabilities (V,) of the next token; token 0 ends the text
EOS = 0


class Hypothesis(NamedTuple):
    """Tokens (EOS included once finished), their log-probability, and the score that ranks finished ones."""

    tokens: tuple[int, ...]
    logp: float
    score: float


# --8<-- [start:penalty]
def length_penalty(length: int, alpha: float) -> float:
    """GNMT's lp(Y) = ((5 + |Y|) / 6)^α: 1 for a single token, and α = 0 ranks by log-probability alone."""
    return float(((5 + length) / 6) ** alpha)


# --8<-- [end:penalty]


# --8<-- [start:greedy]
def greedy(model: Model, max_len: int) -> Hypothesis:
    """The most likely token at each step."""
    tokens: tuple[int, ...] = ()
    logp = 0.0
    while len(tokens) < max_len and (not tokens or tokens[-1] != EOS):
        p = model(tokens)  # (V,)
        best = int(p.argmax())
        tokens, logp = (*tokens, best), logp + float(np.log(p[best]))
    return Hypothesis(tokens, logp, logp)


# --8<-- [end:greedy]


# --8<-- [start:beam]
def beam_search(model: Model, width: int, max_len: int, alpha: float = 0.0) -> tuple[list[Hypothesis], int]:
    """Finished hypotheses, best score first, and how many prefixes went through the model.

    All live prefixes have the same length, so they are compared by log-probability; the length penalty enters only
    where texts of different lengths meet, in the pool of finished ones.
    """
    live: list[tuple[tuple[int, ...], float]] = [((), 0.0)]
    finished: list[Hypothesis] = []
    calls = 0
    for step in range(1, max_len + 1):
        with np.errstate(divide="ignore"):
            rows = np.array([lp + np.log(model(tokens)) for tokens, lp in live])  # (≤ k, V) candidates
        calls += len(live)
        flat = rows.ravel()  # (≤ k·V,): one competition over all beams, not k from each
        order = np.argsort(-flat, kind="stable")[:width]
        grown = [((*live[i // rows.shape[1]][0], int(i % rows.shape[1])), float(flat[i])) for i in order]
        live = []
        for tokens, logp in grown:
            if tokens[-1] == EOS or step == max_len:
                finished.append(Hypothesis(tokens, logp, logp / length_penalty(len(tokens), alpha)))
            elif logp > -np.inf:
                live.append((tokens, logp))
        if not live:
            break
    return sorted(finished, key=lambda h: -h.score), calls


# --8<-- [end:beam]


def texts(model: Model, max_len: int, prefix: tuple[int, ...] = (), logp: float = 0.0) -> Iterator[Hypothesis]:
    """Every text of at most `max_len` tokens: V^T of them, which is what beam search avoids."""
    if len(prefix) == max_len or (prefix and prefix[-1] == EOS):
        yield Hypothesis(prefix, logp, logp)
        return
    for token, p in enumerate(model(prefix)):
        if p > 0:
            yield from texts(model, max_len, (*prefix, token), logp + float(np.log(p)))


# --8<-- [start:models]
def garden_path(prefix: tuple[int, ...]) -> Array:
    """The likeliest first token leads to three equal choices, the second best to a near certainty. (V,) = (5,)."""
    table = {(): [0, 0.5, 0.4, 0.1, 0], (1,): [0, 0, 0.3, 0.4, 0.3], (2,): [0, 0, 0.05, 0.05, 0.9]}
    return np.array(table.get(prefix, [1.0, 0, 0, 0, 0]))


def translation(prefix: tuple[int, ...]) -> Array:
    """A good text of 12 tokens with 0.75 each, and at the start 5 % for ending at once. (V,) = (5,)."""
    if len(prefix) == 12:
        return np.array([1.0, 0, 0, 0, 0])
    end = 0.05 if not prefix else 0.0
    return np.array([end, 0.75, 0.1, 0.08, 0.07 - end])


# --8<-- [end:models]


def shared_positions(texts_: list[tuple[int, ...]]) -> float:
    """Share of positions at which two of the texts agree, averaged over pairs of equally long texts."""
    x = np.array(texts_)  # (n, T)
    same = (x[:, None] == x[None]).mean(-1)  # (n, n)
    n = len(x)
    return float((same.sum() - n) / (n * (n - 1)))
