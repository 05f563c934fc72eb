r"""Byte-level BPE: the base symbols are the 256 bytes of UTF-8, so that every text can be encoded.

Source: Radford et al., *Language Models are Unsupervised Multitask Learners* (2019), section 2.2; the table and
the pattern follow the released code of GPT-2 (`src/encoder.py`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from labs.tokenization import bpe


# --8<-- [start:table]
def byte_table() -> dict[int, str]:
    """One printable character for each of the 256 bytes: itself if it is printable, else one from U+0100 on."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    table = {byte: chr(byte) for byte in printable}
    for byte in range(256):
        if byte not in table:
            table[byte] = chr(0x100 + len(table) - len(printable))  # the space, 0x20, becomes Ġ (U+0120)
    return table


TABLE = byte_table()
BACK = {char: byte for byte, char in TABLE.items()}


def spell(text: str) -> bpe.Symbols:
    """The bytes of `text` as visible characters; a Chinese character is usually three of them."""
    return tuple(TABLE[byte] for byte in text.encode("utf-8"))


def decode(tokens: Iterable[str]) -> str:
    """The text of `tokens`; bytes that are no UTF-8 become U+FFFD (�)."""
    return bytes(BACK[char] for token in tokens for char in token).decode("utf-8", errors="replace")


# --8<-- [end:table]


def kind(char: str) -> str:
    """Class of a character in the pattern: a space, other white space, letter, number, or anything else."""
    if char == " ":
        return " "
    if char.isspace():
        return "s"
    return {"L": "L", "N": "N"}.get(unicodedata.category(char)[0], "O")


# --8<-- [start:split]
SUFFIX = re.compile(r"'(?:s|t|re|ve|m|ll|d)")
CHUNK = re.compile(r" ?L+| ?N+| ?O+|[ s]+(?![^ s])|[ s]+")


def split(text: str) -> list[str]:
    """GPT-2's pre-tokenization: letters, digits and other signs apart, a space with what follows it."""
    kinds = "".join(map(kind, text))
    chunks: list[str] = []
    i = 0
    while i < len(text):
        found = SUFFIX.match(text, i) or CHUNK.match(kinds, i)
        assert found is not None  # the classes of CHUNK cover every character
        chunks.append(text[i : found.end()])
        i = found.end()
    return chunks


def train(texts: Iterable[str], merges: int) -> list[bpe.Pair]:
    """The merges, learned inside the chunks only: no token crosses the border of two chunks."""
    words = Counter(spell(chunk) for text in texts for chunk in split(text))
    return [step.pair for step in bpe.train(words, merges, alphabet=TABLE.values())]


def encode(text: str, merges: Iterable[bpe.Pair]) -> list[str]:
    """`text` as tokens, each written in the visible characters of `TABLE`."""
    learned = list(merges)
    return [token for chunk in split(text) for token in bpe.encode(spell(chunk), learned)]


# --8<-- [end:split]


def vocabulary_size(merges: int, special: int = 0) -> int:
    """256 bytes, one token for each merge, and the special tokens."""
    return 256 + merges + special


GREETINGS = {"你好": 5, "你们": 3, "他们": 4}
"""The corpus of the page: two of the four characters start with the same two bytes."""
