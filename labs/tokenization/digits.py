r"""Splitting numbers: digit by digit, or in groups of three from the left or from the right.

Source: Singh and Strouse, *Tokenization counts* (arXiv:2402.14903), sections 2 and 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

Split = Callable[[str], list[str]]


# --8<-- [start:groups]
def single(number: str) -> list[str]:
    """One token a digit."""
    return list(number)


def from_left(number: str) -> list[str]:
    r"""What the pattern \p{N}{1,3} does: 1234567 → 123|456|7."""
    return [number[i : i + 3] for i in range(0, len(number), 3)]


def from_right(number: str) -> list[str]:
    """As one writes thousands separators: 1234567 → 1|234|567."""
    head = len(number) % 3
    return [number[:head]] * (head > 0) + [number[i : i + 3] for i in range(head, len(number), 3)]


def borders(number: str, split: Split) -> set[int]:
    """The places between tokens, as powers of ten: 1|234|567 is cut at 10^6 and at 10^3."""
    left, cuts = len(number), set()
    for token in split(number)[:-1]:
        left -= len(token)
        cuts.add(left)
    return cuts


def aligned(numbers: Iterable[str], split: Split) -> bool:
    """Do the tokens of the numbers stand in the same columns when the numbers are written below one another?

    Within the columns that two numbers share, both must be cut at the same powers of ten.
    """
    items = list(numbers)
    return all(
        {cut for cut in borders(a, split) if cut < len(b)} == {cut for cut in borders(b, split) if cut < len(a)}
        for a in items
        for b in items
    )


# --8<-- [end:groups]


def share_aligned(split: Split, longest: int) -> float:
    """Share of the pairs of lengths 1 to `longest` for which two numbers are aligned."""
    lengths = ["1" * n for n in range(1, longest + 1)]
    pairs = [(a, b) for a in lengths for b in lengths]
    return sum(aligned(pair, split) for pair in pairs) / len(pairs)


def possible_tokens(widest: int) -> int:
    """Different tokens of 1 to `widest` digits: 10 + 100 + 1000 = 1110 for three."""
    return sum(10**n for n in range(1, widest + 1))
