r"""Byte pair encoding: merge the most frequent pair of neighbours, again and again; encode by replaying the merges.

Source: Sennrich et al., *Neural Machine Translation of Rare Words with Subword Units* (arXiv:1508.07909),
section 3.2 and algorithm 1. Ties are broken as in the `tokenizers` library: the pair with the smaller ids.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

Symbols = tuple[str, ...]
Pair = tuple[str, str]


# --8<-- [start:merge]
def merge(symbols: Symbols, pair: Pair) -> Symbols:
    """Join every occurrence of `pair` in `symbols`, from left to right, without overlaps."""
    out: list[str] = []
    i = 0
    while i < len(symbols):
        if symbols[i : i + 2] == pair:
            out.append(pair[0] + pair[1])
            i += 2
        else:
            out.append(symbols[i])
            i += 1
    return tuple(out)


def pair_counts(words: Mapping[Symbols, int]) -> Counter[Pair]:
    """How often each pair of neighbours occurs; a word that occurs n times counts n times."""
    counts: Counter[Pair] = Counter()
    for symbols, n in words.items():
        for pair in pairwise(symbols):
            counts[pair] += n
    return counts


# --8<-- [end:merge]


@dataclass(frozen=True)
class Step:
    """One step of training: the pair that was merged, its count, and the words as they are afterwards."""

    pair: Pair
    count: int
    words: dict[Symbols, int] = field(repr=False)


# --8<-- [start:train]
def train(words: Mapping[Symbols, int], merges: int, alphabet: Iterable[str] = ()) -> list[Step]:
    """Learn at most `merges` merges from words that are already spelled as symbols."""
    base = sorted(set(alphabet).union(*words))  # the smallest units, in the order of their code points
    ids = {symbol: i for i, symbol in enumerate(base)}
    now = Counter(words)
    steps: list[Step] = []
    while len(steps) < merges:
        counts = pair_counts(now)
        if not counts:  # every word is one symbol: nothing is left to merge
            break
        pair = min(counts, key=lambda p: (-counts[p], ids[p[0]], ids[p[1]]))
        merged: Counter[Symbols] = Counter()
        for symbols, n in now.items():
            merged[merge(symbols, pair)] += n
        now = merged
        ids.setdefault(pair[0] + pair[1], len(ids))
        steps.append(Step(pair, counts[pair], dict(now)))
    return steps


# --8<-- [end:train]


# --8<-- [start:encode]
def encode(symbols: Symbols, merges: Iterable[Pair]) -> Symbols:
    """Apply to new `symbols` the merge that was learned earliest, until none applies."""
    rank = {pair: i for i, pair in enumerate(merges)}
    while True:
        known = [pair for pair in pairwise(symbols) if pair in rank]
        if not known:
            return symbols
        symbols = merge(symbols, min(known, key=rank.__getitem__))


# --8<-- [end:encode]


def spell(words: Mapping[str, int], end: str = "") -> dict[Symbols, int]:
    """Words as sequences of characters, each followed by the end-of-word symbol `end` if there is one."""
    return {(*word, *((end,) if end else ())): n for word, n in words.items()}


def vocabulary(words: Mapping[Symbols, int], steps: Iterable[Step]) -> list[str]:
    """The base symbols followed by the merged ones: |base| + number of (distinct) merges."""
    return list(dict.fromkeys([*sorted(set().union(*words)), *("".join(step.pair) for step in steps)]))


ENGLISH = {"walk": 5, "walked": 3, "walking": 4, "talked": 2, "talking": 3}
CHINESE = {"机器学习": 6, "深度学习": 4, "机器翻译": 3, "学习率": 2}
"""The two corpora of the page: words, and phrases between punctuation marks, with their counts."""
