r"""BLEU: clipped n-gram precision, their geometric mean, and a penalty for being short.

Sources: Papineni et al., *BLEU* (ACL 2002), section 2; the smoothings are those of sacrebleu 2.6.0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

Tokens = Sequence[str]


# --8<-- [start:counts]
def ngrams(tokens: Tokens, n: int) -> Counter[tuple[str, ...]]:
    """How often each run of n tokens occurs."""
    return Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))


def clipped(candidate: Tokens, references: Sequence[Tokens], n: int) -> tuple[int, int]:
    """(matches, n-grams of the candidate): a match counts at most as often as in one reference."""
    ceiling: Counter[tuple[str, ...]] = Counter()
    for reference in references:
        ceiling |= ngrams(reference, n)  # the largest count in any single reference
    found = ngrams(candidate, n)
    return sum((found & ceiling).values()), sum(found.values())


def closest_length(candidate: Tokens, references: Sequence[Tokens]) -> int:
    """The reference length nearest to the candidate's; the shorter of two equally near."""
    return min((abs(len(r) - len(candidate)), len(r)) for r in references)[1]


# --8<-- [end:counts]


@dataclass(frozen=True)
class Bleu:
    """The score (0 to 1), the precisions it averages, and the brevity penalty."""

    score: float
    precisions: tuple[float, ...]
    brevity: float


# --8<-- [start:bleu]
def corpus_bleu(
    candidates: Sequence[Tokens], references: Sequence[Sequence[Tokens]], order: int = 4, smooth: str = "none"
) -> Bleu:
    """Counts are summed over the corpus first; only then are precisions taken."""
    pairs = list(zip(candidates, references, strict=True))
    counts = [[clipped(c, r, n) for c, r in pairs] for n in range(1, order + 1)]
    matches = [sum(m for m, _ in row) for row in counts]
    totals = [sum(t for _, t in row) for row in counts]
    c, r = sum(map(len, candidates)), sum(closest_length(cand, refs) for cand, refs in pairs)
    brevity = 1.0 if c >= r else (exp(1 - r / c) if c else 0.0)
    precisions = tuple(smoothed(matches, totals, smooth))
    if not any(matches) or min(precisions) == 0:  # log 0: one empty order makes the whole score 0
        return Bleu(0.0, precisions, brevity)
    return Bleu(brevity * exp(sum(map(log, precisions)) / order), precisions, brevity)


def smoothed(matches: list[int], totals: list[int], kind: str) -> list[float]:
    """Precisions p_1 … p_N, with zero matches replaced: `exp` by 1/2, 1/4 …, `floor` by 0.1, `add-k` adds one."""
    out, halvings = [], 0
    for n, (m, t) in enumerate(zip(matches, totals, strict=True), start=1):
        if kind == "add-k" and n > 1:
            out.append((m + 1) / (t + 1))
        elif m == 0 and t > 0 and kind == "exp":
            halvings += 1
            out.append(1 / (2**halvings * t))
        elif m == 0 and t > 0 and kind == "floor":
            out.append(0.1 / t)
        else:
            out.append(m / t if t else 0.0)
    return out


# --8<-- [end:bleu]
