r"""Addition as a machine that reads digits: two states from the right, unbounded look-ahead from the left.

Sources: Lee et al., *Teaching Arithmetic to Small Transformers* (arXiv:2307.03381), section 4; carry look-ahead is
textbook (kill, generate, propagate); Abacus positions: McLeish et al. (arXiv:2405.17399), section 3.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from string import ascii_lowercase

Digits = Sequence[int]


def digits(number: int, width: int) -> list[int]:
    """Digits, most significant first, padded with zeros to `width`."""
    return [int(c) for c in str(number).zfill(width)]


# --8<-- [start:right]
def add_reversed(a: Digits, b: Digits) -> list[int]:
    """Sum of two numbers, least significant digit first: each output needs two digits and one bit of state."""
    out, carry = [], 0
    for x, y in zip(a, b, strict=True):
        out.append((x + y + carry) % 10)
        carry = (x + y + carry) // 10
    return [*out, carry]


# --8<-- [end:right]


# --8<-- [start:left]
def look_ahead(a: Digits, b: Digits) -> list[int]:
    """Most significant digit first: how many places to the right each output digit must read to know its carry.

    A place whose digits sum to 9 passes the question on; any other answers it (8 or less: no carry, 10 or more: carry).
    """
    need = []
    for i in range(len(a)):
        j = i + 1
        while j < len(a) and a[j] + b[j] == 9:
            j += 1
        need.append(min(j, len(a) - 1) - i)
    return need


def chance_longer(places: int) -> Fraction:
    """Probability, over uniform digits, that a carry is still open after reading this many places to the right."""
    return Fraction(1, 10) ** places


def chance_of_carry(places: int) -> Fraction:
    """Probability that two uniform numbers of this many places overflow into the next: (1 − 10^−k) / 2."""
    return (1 - Fraction(1, 10) ** places) / 2


# --8<-- [end:left]


# --8<-- [start:parallel]
def kind(x: int, y: int) -> str:
    """What a place does to a carry: k(ill), g(enerate) or p(ropagate)."""
    return "g" if x + y > 9 else "p" if x + y == 9 else "k"


def join(high: str, low: str) -> str:
    """Two neighbouring stretches act as one: the higher decides unless it only propagates. Associative."""
    return low if high == "p" else high


def carries(a: Digits, b: Digits) -> list[int]:
    """Carry into each place, most significant first; as `join` is associative, log₂ n rounds in parallel suffice."""
    kinds = [kind(x, y) for x, y in zip(a, b, strict=True)]
    return [int(reduce(join, kinds[i + 1 :], "p") == "g") for i in range(len(a))]


# --8<-- [end:parallel]


# --8<-- [start:align]
def abacus_positions(text: str, offset: int = 1) -> list[int]:
    """Number each digit by its place inside its own number, from `offset` on; every other sign gets 0."""
    out: list[int] = []
    for i, sign in enumerate(text):
        inside = sign.isdigit() and i > 0 and text[i - 1].isdigit()
        out.append(out[-1] + 1 if inside else offset if sign.isdigit() else 0)
    return out


def index_hints(number: int) -> str:
    """Units first, a letter before each digit, so that equal letters mean equal places: 42 → a2b4."""
    return "".join(letter + digit for letter, digit in zip(ascii_lowercase, str(number)[::-1], strict=False))


# --8<-- [end:align]
