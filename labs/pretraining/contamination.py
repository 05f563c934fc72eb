r"""Test-set contamination by n-gram overlap: which training documents hold a piece of a test item, and what slips by.

Rule of Shao et al., *DeepSeekMath* (arXiv:2402.03300), section 2.1: any shared 10-gram; a test item of 3 to 9 tokens
must occur whole.
"""

from __future__ import annotations

from collections.abc import Sequence


# --8<-- [start:overlap]
def ngrams(tokens: Sequence[str], n: int) -> set[tuple[str, ...]]:
    """All runs of n tokens."""
    return {tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1)}


def contaminated(document: Sequence[str], test: Sequence[str], n: int = 10, shortest: int = 3) -> bool:
    """True if the two share n tokens in a row; a test item shorter than n must occur whole, below `shortest` never."""
    size = min(n, len(test))
    return size >= shortest and not ngrams(document, size).isdisjoint(ngrams(test, size))


def covered(document: Sequence[str], test: Sequence[str], n: int) -> float:
    """Share of the test item's tokens that lie in an n-gram which the document holds too."""
    seen = ngrams(document, n)
    inside = {i + j for i in range(len(test) - n + 1) if tuple(test[i : i + n]) in seen for j in range(n)}
    return len(inside) / len(test)


# --8<-- [end:overlap]

TEST = list("小明有十二个苹果，送给小红五个，又买了三个，现在有几个？")
EXAMPLES = {
    "原题": list("例题：小明有十二个苹果，送给小红五个，又买了三个，现在有几个？答案是十个。"),
    "换数字": list("小明有二十个苹果，送给小红七个，又买了四个，现在有几个？"),
    "改写": list("起初小明手上是一打苹果，分掉五颗给小红，之后再添三颗，请问剩多少？"),
    "无关": list("图书馆周末延长开放时间，请提前一天预约座位。"),
}
