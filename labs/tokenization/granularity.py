r"""One text as words, characters, bytes and subwords: size of the vocabulary, length, and what is unknown.

Source: Sennrich et al. (arXiv:1508.07909), section 1, on why words are too coarse and characters too fine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

Tokenize = Callable[[str], list[str]]


# --8<-- [start:units]
def words(text: str) -> list[str]:
    """Split at spaces. A Chinese clause has none, so that it is one word."""
    return text.split(" ")


def characters(text: str) -> list[str]:
    """One token a Unicode code point."""
    return list(text)


def utf8_bytes(text: str) -> list[str]:
    """One token a byte."""
    return [f"{byte:02X}" for byte in text.encode("utf-8")]


def vocabulary(texts: Iterable[str], tokenize: Tokenize) -> list[str]:
    """All tokens of the training texts; the index of a token is its id."""
    return sorted({token for text in texts for token in tokenize(text)})


def unknown(texts: Iterable[str], tokenize: Tokenize, vocab: Iterable[str]) -> float:
    """Share of the tokens of new texts that the vocabulary lacks."""
    known = set(vocab)
    tokens = [token for text in texts for token in tokenize(text)]
    return sum(token not in known for token in tokens) / len(tokens)


# --8<-- [end:units]


def embedding_parameters(vocab: int, d: int, tied: bool) -> int:
    """Rows for V tokens of d numbers, twice if the output layer has its own."""
    return vocab * d * (1 if tied else 2)
