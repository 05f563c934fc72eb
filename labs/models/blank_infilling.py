r"""GLM's blank infilling: cut spans out of a text, then write them one after another with the rest in full view.

Source: Du et al., *GLM* (arXiv:2103.10360), sections 2.1 and 2.2, figure 2; the code of the paper (THUDM/GLM,
`blocklm_utils.py`) numbers positions in the shortened text in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labs.pretraining.objectives import IGNORE, Ids, Mask, visible

Spans = list[tuple[int, int]]


# --8<-- [start:spans]
def sample_spans(n: int, rng: np.random.Generator, rate: float = 0.15, mean: float = 3.0) -> Spans:
    """Spans [start, end) of Poisson length until at least `rate` of n tokens is hidden, one token between two spans."""
    lengths: list[int] = []
    while sum(lengths) < rate * n:
        length = int(rng.poisson(mean))
        if length:  # an empty span hides nothing
            lengths.append(length)
    free = n - sum(lengths) - (len(lengths) - 1)  # tokens that may stand anywhere
    at = np.sort(rng.integers(0, free + 1, len(lengths)))  # (k,)
    shift = np.cumsum([0, *lengths[:-1]]) + np.arange(len(lengths))  # (k,) what the earlier spans and gaps take
    return [(int(a), int(a) + length) for a, length in zip(at + shift, lengths, strict=True)]


# --8<-- [end:spans]


@dataclass(frozen=True)
class Sample:
    """One training sequence: part A (the text with blanks), then part B (the spans, each behind a START)."""

    tokens: Ids  # (n,) input
    targets: Ids  # (n,) what each position must say next; part A says nothing
    outer: Ids  # (n,) first position: place in part A; a span shares the place of its blank
    inner: Ids  # (n,) second position: 0 in part A, 1, 2, … inside a span
    prefix: int  # length of part A

    def mask(self) -> Mask:
        """Part A sees all of A; a token of B sees A, the earlier spans and its own span so far: (n, n)."""
        return visible(len(self.tokens), self.prefix)


# --8<-- [start:sample]
def blank_infill(text: Ids, spans: Spans, order: list[int], blank: int, start: int, end: int) -> Sample:
    """`spans` are sorted and disjoint; `order` says in which order part B writes them."""
    a: list[int] = []
    place: list[int] = []  # where in part A the blank of each span stands
    at = 0
    for left, right in spans:
        a += [*text[at:left].tolist(), blank]  # one blank, however long the span
        place.append(len(a) - 1)
        at = right
    a += text[at:].tolist()

    tokens, targets = list(a), [IGNORE] * len(a)
    outer, inner = list(range(len(a))), [0] * len(a)
    for i in order:
        span = text[slice(*spans[i])].tolist()
        tokens += [start, *span]
        targets += [*span, end]  # the model decides itself when the span is over
        outer += [place[i]] * (len(span) + 1)
        inner += range(1, len(span) + 2)
    return Sample(np.array(tokens), np.array(targets), np.array(outer), np.array(inner), len(a))


# --8<-- [end:sample]


# --8<-- [start:fill]
def fill(sample: Sample) -> list[int]:
    """Put the targets of part B back into their blanks; only the two positions say what belongs where."""
    out: list[int] = []
    for place, token in enumerate(sample.tokens[: sample.prefix].tolist()):
        mine = np.flatnonzero((sample.outer == place) & (sample.inner > 0))  # the span of this place, START first
        ranked = mine[np.argsort(sample.inner[mine])]
        out += sample.targets[ranked][:-1].tolist() if len(mine) else [token]  # the last target is END
    return out


# --8<-- [end:fill]
