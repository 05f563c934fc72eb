r"""WordPiece: merge the pair that the likelihood of the corpus gains most from; encode by the longest match.

Sources: Schuster and Nakajima, *Japanese and Korean Voice Search* (ICASSP 2012) (greedy choice by
likelihood); Devlin et al., *BERT* (arXiv:1810.04805). Google published no training code: `score` is the rule of the
Hugging Face course, `gain` the exact change of a unigram likelihood.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from math import log

from labs.tokenization.bpe import Pair, Symbols, pair_counts

PREFIX = "##"
UNK = "[UNK]"


# --8<-- [start:merge]
def spell(word: str) -> Symbols:
    """Characters, of which all but the first are marked as continuing a word."""
    return (word[0], *(PREFIX + char for char in word[1:]))


def join(pair: Pair) -> str:
    """The symbol that `pair` becomes: the mark of the right part disappears inside it."""
    return pair[0] + pair[1].removeprefix(PREFIX)


def merge(symbols: Symbols, pair: Pair) -> Symbols:
    """Join every occurrence of `pair`, from left to right."""
    out: list[str] = []
    for symbol in symbols:
        if out and (out[-1], symbol) == pair:
            out[-1] = join(pair)
        else:
            out.append(symbol)
    return tuple(out)


# --8<-- [end:merge]
Words = Mapping[Symbols, int]
Rule = Callable[[Words, Pair], float]


# --8<-- [start:score]
def symbol_counts(words: Words) -> Counter[str]:
    """How often each symbol occurs."""
    counts: Counter[str] = Counter()
    for symbols, n in words.items():
        for symbol in symbols:
            counts[symbol] += n
    return counts


def frequency(words: Words, pair: Pair) -> float:
    """What BPE maximizes: count(ab)."""
    return pair_counts(words)[pair]


def score(words: Words, pair: Pair) -> float:
    """count(ab) / (count(a) · count(b))."""
    counts = symbol_counts(words)
    return pair_counts(words)[pair] / (counts[pair[0]] * counts[pair[1]])


def log_likelihood(words: Words) -> float:
    """Of the corpus under its own best unigram model: the sum over symbols of n · log(n / N)."""
    counts = symbol_counts(words)
    total = sum(counts.values())
    return sum(n * log(n / total) for n in counts.values())


def gain(words: Words, pair: Pair) -> float:
    """Exact increase of the log likelihood when `pair` becomes one symbol, in nats."""
    after: Counter[Symbols] = Counter()
    for symbols, n in words.items():
        after[merge(symbols, pair)] += n
    return log_likelihood(after) - log_likelihood(words)


# --8<-- [end:score]


def best(words: Words, rule: Rule) -> Pair:
    """The pair that `rule` prefers; ties go to the first in alphabetical order."""
    return min(pair_counts(words), key=lambda pair: (-rule(words, pair), pair))


def train(word_counts: Mapping[str, int], merges: int, rule: Rule) -> list[str]:
    """The vocabulary after at most `merges` merges chosen by `rule`."""
    words: Counter[Symbols] = Counter({spell(word): n for word, n in word_counts.items()})
    learned = dict.fromkeys(sorted(symbol_counts(words)))
    for _ in range(merges):
        if not pair_counts(words):
            break
        pair = best(words, rule)
        words = Counter({merge(symbols, pair): n for symbols, n in words.items()})
        learned[join(pair)] = None
    return list(learned)


# --8<-- [start:encode]
def encode(word: str, vocab: set[str]) -> list[str]:
    """Take the longest piece that the vocabulary has, again and again; if there is none, the word is [UNK]."""
    pieces: list[str] = []
    start = 0
    while start < len(word):
        mark = PREFIX if start else ""
        for end in range(len(word), start, -1):
            if mark + word[start:end] in vocab:
                pieces.append(mark + word[start:end])
                start = end
                break
        else:
            return [UNK]  # the whole word, also the pieces that were found
    return pieces


# --8<-- [end:encode]
